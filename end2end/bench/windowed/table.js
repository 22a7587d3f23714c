// The reference that our grid stands beside: a windowed table as one writes it by hand for this one purpose.
// It has no server, no people, no dates, no draft and no words; a class, its pupils, and bits that flip.
const CLASSES = 40;
const PUPILS = 25;
const TESTS = 16;
const ROW = 26;
const AROUND = 8;
const COUNT = CLASSES * (PUPILS + 1);

const bits = new Uint8Array(COUNT * TESTS);
let seed = 1;
for (let at = 0; at < bits.length; at++) {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  bits[at] = at % ((PUPILS + 1) * TESTS) < TESTS ? 0 : Number(seed >>> 31);
}

const isClass = (row) => row % (PUPILS + 1) === 0;
const classOf = (row) => row - (row % (PUPILS + 1));
function yes(row, test) {
  let count = 0;
  for (let pupil = row + 1; pupil <= row + PUPILS; pupil++) count += bits[pupil * TESTS + test];
  return count;
}
/** 0 no, 1 yes, 2 partly. */
function state(row, test) {
  if (!isClass(row)) return bits[row * TESTS + test];
  const count = yes(row, test);
  return count === 0 ? 0 : count === PUPILS ? 1 : 2;
}
function setClass(row, test, on) {
  for (let pupil = row + 1; pupil <= row + PUPILS; pupil++) bits[pupil * TESTS + test] = on;
}

const frame = document.getElementById('frame');
frame.setAttribute('aria-rowcount', COUNT + 1);
const cells = (make) => Array.from({ length: TESTS }, (_, test) => make(test)).join('');
frame.innerHTML = `<div class="head row" role="row" aria-rowindex="1"><span role="columnheader">Pupil</span>${cells(
  (test) => `<span role="columnheader">T${test + 1}</span>`,
)}</div><div class="body" style="height:${COUNT * ROW}px"></div>`;
const body = frame.lastElementChild;
const pattern = document.createElement('div');
pattern.className = 'row';
pattern.setAttribute('role', 'row');
pattern.innerHTML = `<span role="rowheader"></span>${cells(
  (test) => `<span role="gridcell" aria-colindex="${test + 2}"><input type="checkbox" tabindex="-1"></span>`,
)}`;

const slots = [];
let first = 0;
function show(box, value) {
  if (box.checked !== (value === 1)) box.checked = value === 1;
  if (box.indeterminate !== (value === 2)) box.indeterminate = value === 2;
}
function fill(slot) {
  slot.boxes.forEach((box, test) => show(box, state(slot.row, test)));
}
function layout() {
  const wanted = Math.min(COUNT, Math.ceil(frame.clientHeight / ROW) + 1 + 2 * AROUND);
  while (slots.length < wanted) {
    const element = pattern.cloneNode(true);
    slots.push({ element, row: -1, name: element.firstElementChild, boxes: [...element.getElementsByTagName('input')] });
    body.append(element);
  }
  first = Math.max(0, Math.min(Math.floor(frame.scrollTop / ROW) - AROUND, COUNT - slots.length));
  for (let row = first; row < first + slots.length; row++) {
    const slot = slots[row % slots.length];
    if (slot.row === row) continue;
    slot.row = row;
    slot.element.style.transform = `translateY(${row * ROW}px)`;
    slot.element.className = isClass(row) ? 'row class' : 'row';
    slot.element.setAttribute('aria-rowindex', row + 2);
    slot.name.textContent = isClass(row) ? `Class ${row / (PUPILS + 1) + 1}` : `Pupil ${row}`;
    fill(slot);
  }
}
function refresh(row, test) {
  const slot = slots[row % slots.length];
  if (slot.row === row) show(slot.boxes[test], state(row, test));
}
function say() {
  document.getElementById('said').textContent = `${bits.reduce((sum, bit) => sum + bit, 0)} cells`;
}

frame.addEventListener('scroll', layout, { passive: true });
new ResizeObserver(layout).observe(frame);
body.addEventListener('change', ({ target }) => {
  const cell = target.parentElement;
  const row = Number(cell.parentElement.getAttribute('aria-rowindex')) - 2;
  const test = Number(cell.getAttribute('aria-colindex')) - 2;
  if (isClass(row)) {
    setClass(row, test, state(row, test) === 1 ? 0 : 1);
    for (let pupil = row; pupil <= row + PUPILS; pupil++) refresh(pupil, test);
  } else {
    bits[row * TESTS + test] ^= 1;
    refresh(row, test);
    refresh(classOf(row), test);
  }
  say();
});
document.getElementById('all').addEventListener('click', () => {
  let all = 1;
  for (let row = 0; row < COUNT; row++) for (let test = 0; test < TESTS; test++) if (!isClass(row)) all &= bits[row * TESTS + test];
  for (let row = 0; row < COUNT; row++) if (isClass(row)) for (let test = 0; test < TESTS; test++) setClass(row, test, 1 - all);
  slots.forEach(fill);
  say();
});
layout();
