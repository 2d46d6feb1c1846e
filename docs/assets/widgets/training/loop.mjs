// A run, away from the page's own thread: {start, change, go, stop} come, {images, point, state, over} go.
//
// A widget's worker says how a run of its settings begins, and what is told of it.

const SLICE = 25, // ms of work before it looks for messages
  REST = 100; // ms between two pictures of the state

/** @typedef {{step: number, died: string, advance(): void, change(settings: any): void}} Run */
/**
 * @typedef {{run: Run, images?: any, point(): any, state(): any}} Begun images are told at once; point() measures,
 *   state() is cheap
 */

/**
 * Serves runs: `begin` makes one of its settings, once what it needs has come. A run that is too fast to be watched
 * rests after each point.
 */
export function serve(/** @type {(settings: any) => Promise<() => Begun>} */ begin, rest = 0) {
  /** @type {Begun | null} */
  let begun = null;
  let going = false,
    resting = 0,
    asked = 0,
    told = 0,
    total = 0,
    /** @type {(step: number) => boolean} */
    measured = () => false;

  const say = (/** @type {any} */ words) => postMessage({ ...words, asked });
  const next = new MessageChannel();
  next.port1.onmessage = () => work();

  const point = () => say({ kind: "point", ...begun.point() });

  function state(/** @type {boolean} */ now) {
    if (!now && performance.now() - told < REST) return;
    told = performance.now();
    say({ kind: "state", step: begun.run.step, ...begun.state() });
  }

  function over(/** @type {string} */ why) {
    going = false;
    state(true);
    say({ kind: "over", step: begun.run.step, why });
  }

  const done = () => begun.run.died || begun.run.step >= total; // steps may be fewer than there were when it began

  function work() {
    if (!going) return;
    const end = performance.now() + SLICE,
      { run } = begun;
    if (done()) return over(run.died);
    while (performance.now() < end) {
      run.advance();
      const seen = done() || measured(run.step);
      if (seen) point();
      if (done()) return over(run.died);
      if (seen && rest) {
        resting = setTimeout(work, rest);
        return;
      }
    }
    state(false);
    next.port2.postMessage(null);
  }

  const acts = {
    async start({ settings, steps, every, points, number }) {
      going = false;
      clearTimeout(resting);
      begun = null; // the one before does not go on under the new one's number
      asked = number;
      total = steps;
      measured = (step) => step % every === 0 || points.includes(step);
      try {
        const made = await begin(settings);
        if (asked !== number) return; // another run has been asked for meanwhile
        begun = made();
        say({ kind: "images", images: begun.images });
        point();
      } catch (error) {
        say({ kind: "failed", why: String(error.message) });
      }
    },
    change: ({ settings, steps }) => {
      total = steps;
      begun?.run.change(settings);
    },
    go: () => {
      if (!begun || going) return;
      going = true;
      work();
    },
    stop: () => {
      going = false;
      clearTimeout(resting);
    },
  };

  onmessage = ({ data: { act, ...more } }) => acts[act](more);
}
