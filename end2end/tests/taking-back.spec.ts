// The history: a part of a change set is taken back, and the rest stands.
import { account, school } from '../support/adgang';
import { Grid } from '../support/grid';
import { expectGoodLooks } from '../support/look';
import { expect, open, test } from '../support/test';

test('one of two lines is taken back, reviewed first, and the rest stands', async ({ signedIn }) => {
  test.setTimeout(120_000);
  const place = await school();
  const page = await signedIn(await account(place, 'test-administrator', 'Karen Østergård'));
  const grid = await Grid.open(page);
  await grid.choose('Bo Ravnsborg');
  await grid.cell('6.A', 'Matematik 6').click();
  await grid.cell('4.A', 'Matematik 4').click();
  await grid.apply('Vikar i to klasser');

  await open(page, '/history');
  const set = page.getByRole('article', { name: /^Karen Østergård gav Bo Ravnsborg adgang/ });
  await set.getByRole('button', { name: 'Tag tilbage' }).click();
  await set.getByRole('checkbox', { name: 'Tag tilbage: Bo Ravnsborg, 6.A' }).setChecked(true);
  await set.getByRole('checkbox', { name: 'Tag tilbage: Bo Ravnsborg, 4.A' }).setChecked(false);
  await expectGoodLooks(page, 'history-part');
  await set.getByRole('button', { name: /^Gennemse tilbagetagning af 1/ }).click();
  await expect(page.getByText('Bo Ravnsborg mister adgang.')).toBeVisible();
  await expectGoodLooks(page, 'history-review');
  await page.getByLabel('Begrundelse').fill('Kun den ene klasse');
  await page.getByRole('button', { name: 'Tag tilbage', exact: true }).click();
  await expect(page.getByRole('article', { name: 'Karen Østergård tog 1 linje af nr. 1 tilbage' })).toBeVisible();
  await expect(set).toContainText('taget tilbage af nr. 2');

  const after = await Grid.open(page);
  await after.choose('Bo Ravnsborg');
  await after.says('6.A', 'Matematik 6', 'nej');
  await after.says('4.A', 'Matematik 4', 'ja, givet her');
});
