// `cargo xtask bench grid`: the grid in Chromium beside a windowed table written by hand, in turn and in one run.
// Prints rows of a Markdown table: what, goal, reference, ours.
import { measure } from './measure.mjs';
import { executable, start } from './server.mjs';
import { serveWindowed } from './windowed.mjs';

const RUNS = Number(process.env.ADGANG_BENCH_RUNS ?? 7);
const SLOWED = 4;
/** What AG Grid's bare page took beside a windowed table, measured once: full speed, and slowed four times. */
const AG_GRID = [3.7, 3.1];

const [server, windowed] = [await start(), await serveWindowed()];
try {
  const grid = {
    url: `${server.origin}/rights?by=teacher&id=${server.teacher}&open=all&rows=classes`,
    blank: `${server.origin}/livez`,
    cookie: server.cookie,
    firstRow: 3,
    hasDraft: true,
  };
  const reference = { url: `${windowed.origin}/index.html`, blank: `${windowed.origin}/blank`, firstRow: 2 };
  const [ours, theirs, oursSlowed, theirsSlowed] = [[], [], [], []];
  for (let run = 0; run <= RUNS; run++) {
    ours.push(await measure(grid, { executable, slowed: 1 }));
    theirs.push(await measure(reference, { executable, slowed: 1 }));
    oursSlowed.push(await measure(grid, { executable, slowed: SLOWED }));
    theirsSlowed.push(await measure(reference, { executable, slowed: SLOWED }));
  }
  for (const runs of [ours, theirs, oursSlowed, theirsSlowed]) runs.shift(); // a warm-up
  report(ours, theirs, oursSlowed, theirsSlowed);
} finally {
  server.stop();
  windowed.stop();
}

function report(ours, theirs, oursSlowed, theirsSlowed) {
  const time = (milliseconds) => `${milliseconds < 100 ? milliseconds.toFixed(1) : milliseconds.toFixed(0)} ms`;
  const row = (what, goal, reference, ours) => console.log(`| ${what} | ${goal} | ${reference} | ${ours} |`);
  const compared = (what, goal, pick, [mine, other] = [ours, theirs]) => {
    const [a, b] = [mine, other].map((runs) => percentile(runs.flatMap(pick), 50));
    row(what, goal, `windowed ${time(b)}`, `${time(a)} (${(a / b).toFixed(2)}×)`);
  };
  const slow = [oursSlowed, theirsSlowed];
  const usable = ({ usable }) => [usable];
  compared('grid usable, cold', `≤ ${AG_GRID[0]}× windowed (AG Grid’s bare page)`, usable);
  compared('… processor slowed 4×', `≤ ${AG_GRID[1]}× windowed (AG Grid’s bare page)`, usable, slow);
  compared('a cell’s click to paint, p50', '≤ 1.25×', ({ clicks }) => clicks);
  const p95 = [ours, theirs].map((runs) => percentile(runs.flatMap(({ clicks }) => clicks), 95));
  row('… p95', '≤ 1.25×', `windowed ${time(p95[1])}`, `${time(p95[0])} (${(p95[0] / p95[1]).toFixed(2)}×)`);
  compared('… slowed 4×, p50', '≤ 1.25×', ({ clicks }) => clicks, slow);
  compared('a class × a test', '≤ 1.5×', ({ classes }) => classes);
  compared('everything', '≤ 1.5×', ({ everything }) => everything);
  for (const [turn, words] of [['class', 'a class'], ['pupil', 'a pupil'], ['test', 'a test'], ['teacher', 'back to the teacher']]) {
    const times = ours.flatMap(({ turns }) => turns[turn]);
    row(`another pivot: ${words}`, '≤ 50 ms', '–', `${time(percentile(times, 50))}, p95 ${time(percentile(times, 95))}`);
  }
  compared('scrolling the school: main thread', '≤ 1.25×', ({ scroll }) => [scroll.main]);
  compared('… longest frame', '≤ 1.25×', ({ scroll }) => [scroll.longest]);
  const counted = (what, goal, pick) => row(what, goal, `windowed ${percentile(theirs.flatMap(pick), 50)}`, `${percentile(ours.flatMap(pick), 50)}`);
  counted('… frames dropped', '0', ({ scroll }) => [scroll.dropped]);
  counted('… frames with a blank', '0', ({ scroll }) => [scroll.blank]);
  counted('elements of the page', '≤ 2,500', ({ elements }) => [elements]);
}

function percentile(values, percent) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(((sorted.length - 1) * percent) / 100)];
}
