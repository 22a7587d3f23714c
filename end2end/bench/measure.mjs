// One measurement of one page in a fresh browser, with real clicks and a real wheel.
import { chromium } from 'playwright-core';
import { join } from 'node:path';

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const CLICKS = 50;
const WHEEL_STEPS = 60;
const WHEEL_EVERY = 50;
const FRAME = 1000 / 60;
const TURNS = ['class', 'pupil', 'test', 'teacher'];

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Measures a page: `{ url, blank, cookie?, firstRow, hasDraft? }`, where `firstRow` is the first class's
 * `aria-rowindex`. Slowed, only what is asked for slowed: until usable, and clicks. A page with a draft is
 * measured turning, too, and left with an empty one.
 */
export async function measure(page, { executable, slowed }) {
  const browser = await chromium.launch({ executablePath: executable, args: ARGUMENTS });
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, locale: 'da-DK' });
    if (page.cookie) await context.addCookies([{ ...page.cookie, url: page.url }]);
    const tab = await context.newPage();
    const problems = [];
    tab.on('pageerror', (error) => problems.push(error.message));
    await tab.addInitScript({ path: join(import.meta.dirname, 'in-page.js') });
    const devtools = await context.newCDPSession(tab);
    await devtools.send('Performance.enable');
    // The browser's own beginning must not fall into the load.
    await tab.goto(page.blank);
    await sleep(1000);
    if (slowed > 1) await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowed });
    const driver = new Driver(tab, devtools, page);
    const found = { usable: await driver.load() };
    found.elements = await tab.evaluate(() => document.getElementsByTagName('*').length);
    found.clicks = await driver.clicks();
    if (slowed === 1) {
      found.classes = await driver.classes();
      found.scroll = await driver.scroll();
      found.everything = await driver.everything();
      if (page.hasDraft) found.turns = await driver.turns();
    }
    if (page.hasDraft) await driver.takeBack();
    if (problems.length > 0) throw new Error(`${page.url}: ${problems.join('; ')}`);
    return found;
  } finally {
    await browser.close();
  }
}

class Driver {
  constructor(tab, devtools, page) {
    Object.assign(this, { tab, devtools, page });
    this.chance = chance(7);
  }

  async load() {
    await this.tab.goto(this.page.url, { waitUntil: 'commit' });
    const time = await this.tab.evaluate(([row, column]) => window.meter.usable(row, column), [this.page.firstRow + 1, 2]);
    await sleep(600);
    await this.settle();
    return time;
  }

  /** Single pupils' cells in sight. */
  async clicks() {
    const rows = (await this.shownRows()).filter((row) => row > this.page.firstRow);
    const cells = (await Promise.all(rows.map((row) => this.cells(row)))).flat();
    const times = [];
    for (let number = 0; number < CLICKS; number++) {
      const cell = cells[Math.floor(this.chance() * cells.length)];
      cell.is = flipped(cell.is);
      times.push(await this.click(cell, [cell]));
      await sleep(5 + this.chance() * 20);
    }
    return times;
  }

  /** The first class, test by test: the class and all of its pupils in sight follow. */
  async classes() {
    const rows = (await this.shownRows()).slice(0, 20);
    const times = [];
    for (const cell of await this.cells(this.page.firstRow)) {
      const is = flipped(cell.is);
      times.push(await this.click(cell, rows.map((row) => ({ row, column: cell.column, is }))));
      await sleep(20);
    }
    return times;
  }

  /** Everything for everybody and nothing for nobody, twice. */
  async everything() {
    await this.tab.evaluate(() => { window.meter.scroller().scrollTop = 0; });
    await this.settle();
    const rows = (await this.shownRows()).slice(0, 20);
    const columns = (await this.cells(this.page.firstRow)).map(({ column }) => column);
    const button = await this.tab.locator('#all').boundingBox();
    const place = { x: button.x + button.width / 2, y: button.y + button.height / 2 };
    const times = [];
    for (const is of ['true', 'false', 'true', 'false']) {
      times.push(await this.click(place, rows.flatMap((row) => columns.map((column) => ({ row, column, is })))));
      await sleep(50);
    }
    return times;
  }

  /** The wheel, from the first row to the last. */
  async scroll() {
    const { x, y, way } = await this.tab.evaluate(() => {
      const scroller = window.meter.scroller();
      scroller.scrollTop = 0;
      const { left, top, width, height } = scroller.getBoundingClientRect();
      return { x: left + width / 2, y: top + height / 2, way: scroller.scrollHeight - scroller.clientHeight };
    });
    await this.tab.mouse.move(x, y);
    await this.settle();
    const before = await this.busy();
    await this.tab.evaluate(() => window.meter.record());
    const start = performance.now();
    const turned = [];
    for (let step = 1; step <= WHEEL_STEPS; step++) {
      const deltaY = Math.ceil(way / WHEEL_STEPS) + 2;
      turned.push(this.devtools.send('Input.dispatchMouseEvent', { type: 'mouseWheel', x, y, deltaX: 0, deltaY }));
      await sleep(Math.max(0, start + step * WHEEL_EVERY - performance.now()));
    }
    await Promise.all(turned);
    // A busy browser swallows some; then one turns the wheel further.
    for (let more = 0; more < WHEEL_STEPS && (await this.left()) > 2; more++) {
      await this.devtools.send('Input.dispatchMouseEvent', { type: 'mouseWheel', x, y, deltaX: 0, deltaY: Math.ceil(way / WHEEL_STEPS) });
      await sleep(WHEEL_EVERY);
    }
    const { begins, blank } = await this.tab.evaluate(() => {
      window.meter.recording.on = false;
      return window.meter.recording;
    });
    const left = await this.left();
    if (left > 2) throw new Error(`${this.page.url}: ${left} px before the end`);
    const frames = begins.slice(1).map((at, number) => at - begins[number]);
    return {
      main: (await this.busy()) - before,
      longest: Math.max(...frames),
      dropped: frames.reduce((sum, frame) => sum + Math.max(0, Math.round(frame / FRAME) - 1), 0),
      blank,
    };
  }

  /** Pixels between what is shown and the last row. */
  left() {
    return this.tab.evaluate(() => {
      const { scrollHeight, clientHeight, scrollTop } = window.meter.scroller();
      return scrollHeight - clientHeight - scrollTop;
    });
  }

  /** Every other side of the same draft, one after the other. */
  async turns() {
    const times = {};
    for (let round = 0; round < 2; round++) {
      for (const turn of TURNS) {
        const link = await this.tab.locator(`.turns a[href*="by=${turn}"]`).boundingBox();
        await this.tab.evaluate(([row, column]) => window.meter.armTurn(row, column), [this.page.firstRow, 2]);
        await this.tab.mouse.click(link.x + link.width / 2, link.y + link.height / 2);
        (times[turn] ??= []).push(await this.waited(`turn to ${turn}`));
        await sleep(200);
      }
    }
    return times;
  }

  /** Undoes everything, so that the next run begins with the school as it is recorded. */
  async takeBack() {
    await this.devtools.send('Emulation.setCPUThrottlingRate', { rate: 1 });
    await this.tab.evaluate(async () => {
      for (let undo; (undo = document.querySelector('.bar kbd')); ) {
        undo.click();
        await window.meter.settle();
      }
    });
    await this.tab.locator('[data-saved=true]').waitFor();
  }

  async click({ x, y }, wanted) {
    await this.tab.evaluate((wanted) => window.meter.arm(wanted), wanted.map(({ row, column, is }) => ({ row, column, is })));
    await this.tab.mouse.click(x, y);
    return this.waited('a click');
  }

  async waited(what) {
    const time = await this.tab.evaluate(() => window.meter.waiting);
    if (time < 0) throw new Error(`${this.page.url}: ${what} was not answered`);
    return time;
  }

  cells(row) {
    return this.tab.evaluate((row) => window.meter.cells(row), row);
  }

  /** Rows of which some cell can be clicked. */
  async shownRows() {
    const rows = await this.tab.evaluate(() => window.meter.rows());
    const shown = await Promise.all(rows.map(async (row) => ((await this.cells(row)).length > 0 ? row : undefined)));
    return shown.filter((row) => row !== undefined);
  }

  settle() {
    return this.tab.evaluate(() => window.meter.settle());
  }

  /** Milliseconds that the page's main thread has worked so far. */
  async busy() {
    const { metrics } = await this.devtools.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration').value * 1000;
  }
}

function flipped(is) {
  return is === 'true' ? 'false' : 'true';
}

/** The same numbers every time. */
function chance(seed) {
  return () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 32;
  };
}
