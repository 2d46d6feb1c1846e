// Runs of <training-widget>.

import { garments } from "./garments.mjs";
import { serve } from "./loop.mjs";
import { AREA, CLASSES, Run } from "./run.mjs";

serve(async (settings) => {
  const data = await garments(settings.seed);
  return () => {
    const run = new Run(data, settings),
      each = data.test.length / CLASSES, // one of each class is shown
      images = new Uint8Array(CLASSES * AREA);
    for (let label = 0; label < CLASSES; label += 1)
      images.set(data.test.subarray(label * each, label * each + AREA), label * AREA);
    return {
      run,
      images,
      point() {
        const { answers, ...numbers } = run.measure(),
          apart = answers.length / CLASSES;
        return { ...numbers, answers: answers.filter((_, at) => at % apart === 0), filters: run.filters.slice() };
      },
      state: () => ({ norm: run.norm ?? null, filters: run.filters.slice() }),
    };
  };
});
