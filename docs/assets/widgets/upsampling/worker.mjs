// Runs of <upsampling-widget>.

import { serve } from "../training/loop.mjs";
import { photographs } from "./photographs.mjs";
import { Run } from "./run.mjs";

const REST = 150; // ms: without it the lattice is gone before one has seen it

serve(async (settings) => {
  const data = await photographs(settings.seed);
  return () => {
    const run = new Run(data, settings),
      { photograph, plain } = run.looks;
    return {
      run,
      images: [photograph, plain].map((image) => Float32Array.from(image)),
      point() {
        const { residual, output, ...numbers } = run.measure();
        return { ...numbers, pictures: [output, residual].map((image) => Float32Array.from(image)) };
      },
      state: () => ({}),
    };
  };
}, REST);
