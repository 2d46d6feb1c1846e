// Steps of the super-resolution network in JavaScript: of each layer the best round, as JSON, in milliseconds a step of
// the processor. benchmarks/page_upsampling.py asks.

const [folder, steps, rounds] = process.argv.slice(2),
  load = (name) => import(new URL(`core/${name}.mjs`, folder)),
  names = ["super_resolution", "optimizers", "random", "simd"],
  [{ SuperResolution }, { Optimizer }, { keyOf, uniformAt }, { fastNumbers }] = await Promise.all(names.map(load)),
  BATCH = 8,
  SIDE = 16;

const rows = ["k2", "k3", "k4", "k6", "nearest", "sub_pixel"].map((layer) => {
  const Real = fastNumbers(),
    network = new SuperResolution(Real, layer, SIDE).initialise(0),
    optimizer = new Optimizer(network.parameters, "adam"),
    [x, lacking] = [1, 4].map((times) => new Real(times * BATCH * SIDE * SIDE));
  for (const values of [x, lacking]) values.forEach((_, at) => (values[at] = uniformAt(keyOf(0, 0, 0), at) - 0.5));
  const spent = Array.from({ length: Number(rounds) + 1 }, () => {
    const before = process.cpuUsage();
    for (let step = 0; step < Number(steps); step += 1) {
      network.error(x, lacking, BATCH);
      optimizer.step({ lr: 1e-3 });
    }
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000 / Number(steps);
  });
  return { layer, cpu_ms: Math.min(...spent.slice(1)) }; // it is compiled in the first
});
console.log(JSON.stringify(rows));
