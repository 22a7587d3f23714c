// Put into every measured page before its own scripts. Knows a page by its ARIA alone: a grid, rows with
// aria-rowindex, cells with aria-colindex, and in each a checkbox.
(() => {
  /** The end of the next frame: a message sent from an animation frame is handled after that frame was drawn. */
  const painted = () =>
    new Promise((resolve) =>
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve(performance.now());
        port2.postMessage(0);
      }),
    );
  const box = (row, column) =>
    document.querySelector(`[role=grid] [aria-rowindex="${row}"] [aria-colindex="${column}"] :is(input, [role=checkbox])`);
  const state = (element) => {
    if (!element) return undefined;
    if (element instanceof HTMLInputElement) return element.indeterminate ? 'mixed' : String(element.checked);
    return element.getAttribute('aria-checked');
  };
  const centre = (element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    return { x: left + width / 2, y: top + height / 2 };
  };
  /** Is it what a click at its centre would hit? */
  const answers = (element) => {
    const { x, y } = centre(element);
    const hit = document.elementFromPoint(x, y);
    return hit !== null && (element.contains(hit) || hit === element.closest('[aria-colindex]'));
  };
  const scroller = () => {
    let element = document.querySelector('[role=grid]');
    while (element && element.scrollHeight <= element.clientHeight + 1) element = element.parentElement;
    return element;
  };
  const holds = (wanted) => wanted.every(({ row, column, is }) => state(box(row, column)) === is);

  const meter = {
    /** Resolves with the time of the first frame in which the cell can be clicked. */
    async usable(row, column) {
      for (;;) {
        const at = await painted();
        const element = box(row, column);
        if (element && answers(element)) return at;
      }
    },
    /** Cells of a row that can be clicked: column, place, state, and whether the row says it itself. */
    cells(row) {
      const elements = document.querySelectorAll(`[role=grid] [aria-rowindex="${row}"] [aria-colindex] :is(input, [role=checkbox])`);
      return [...elements]
        .filter((element) => answers(element))
        .map((element) => ({ row, column: Number(element.closest('[aria-colindex]').getAttribute('aria-colindex')), is: state(element), ...centre(element) }));
    },
    rows: () =>
      [...document.querySelectorAll('[role=grid] [role=row]:has([role=gridcell]):not([hidden])')]
        .map((row) => Number(row.getAttribute('aria-rowindex')))
        .sort((a, b) => a - b),
    /** Waits for a click: from its own time to the end of the first frame in which the cells are as wanted. */
    arm(wanted) {
      meter.waiting = new Promise((resolve) =>
        addEventListener(
          'click',
          async (event) => {
            for (let at = 0; ; ) {
              at = await painted();
              if (holds(wanted)) return resolve(at - event.timeStamp);
              if (at - event.timeStamp > 5000) return resolve(-1);
            }
          },
          { capture: true, once: true },
        ),
      );
    },
    /** The same until the grid has another name and a first cell. */
    armTurn(row, column) {
      const label = () => document.querySelector('[role=grid]')?.getAttribute('aria-label');
      const before = label();
      meter.waiting = new Promise((resolve) =>
        addEventListener(
          'click',
          async (event) => {
            for (let at = 0; ; ) {
              at = await painted();
              const first = box(row, column);
              if (label() !== before && first && answers(first)) return resolve(at - event.timeStamp);
              if (at - event.timeStamp > 5000) return resolve(-1);
            }
          },
          { capture: true, once: true },
        ),
      );
    },
    scroller,
    /** Records frames: when each began, and whether some part of the grid showed no row. */
    record() {
      const { left, top, width, height } = scroller().getBoundingClientRect();
      const places = [0.2, 0.4, 0.6, 0.8, 0.95].map((part) => top + height * part);
      const recording = { begins: [], blank: 0, on: true };
      meter.recording = recording;
      const frame = (at) => {
        if (!recording.on) return;
        recording.begins.push(at);
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          if (places.some((y) => !document.elementFromPoint(left + width / 2, y)?.closest('[role=row]'))) recording.blank++;
        };
        port2.postMessage(0);
        requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
    },
    async settle() {
      for (let frame = 0; frame < 4; frame++) await painted();
    },
  };
  window.meter = meter;
})();
