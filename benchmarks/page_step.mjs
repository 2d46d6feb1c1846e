// Steps of the book's network in JavaScript: for each line that comes, so many; answers with milliseconds a step,
// by the clock and of the processor. benchmarks/page_step.py asks.
import { createInterface } from "node:readline";

const [folder, batch, steps, kind] = process.argv.slice(2),
  load = (name) => import(new URL(`core/${name}.mjs`, folder)),
  [{ smallCnn }, { Optimizer }, { keyOf, uniformAt }, { fastNumbers }] = await Promise.all(["small_cnn", "optimizers", "random", "simd"].map(load)),
  Real = { Float32Array, Float64Array, fast: fastNumbers() }[kind],
  n = Number(batch),
  network = smallCnn(Real).initialise(0),
  optimizer = new Optimizer(network.parameters, "adam"),
  images = Float32Array.from({ length: n * 784 }, (_, at) => uniformAt(keyOf(0, 0, 0), at)),
  labels = [...Array(n).keys()].map((at) => at % 10);

for await (const _ of createInterface({ input: process.stdin })) {
  const start = performance.now(),
    before = process.cpuUsage();
  for (let step = 0; step < Number(steps); step += 1) {
    network.losses(images, labels, n, { step });
    optimizer.step({ lr: 1e-3 });
  }
  const { user, system } = process.cpuUsage(before);
  console.log((performance.now() - start) / Number(steps), (user + system) / 1000 / Number(steps));
}
