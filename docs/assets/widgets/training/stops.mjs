// Between the settings of a run and a state: of a slider the address has the number of its stop, of a choice its name.

/** @typedef {Record<string, number | string>} Choice what of a state is set, by its values: {rate: 0.2, seed: "0"} */

/** The two ways, for the names of a state as in the address, the stops of its sliders, and what is set else. */
export function stopped(
  /** @type {string[]} */ names,
  /** @type {Record<string, number[]>} */ stops,
  /** @type {Choice} */ base,
) {
  return {
    /** A state as the address has it: the number of the stop that is nearest, or the choice. */
    stateOf: (/** @type {Choice} */ choice) =>
      names.map((name) => {
        const value = choice[name] ?? base[name];
        if (!stops[name]) return String(value);
        const far = stops[name].map((one) => Math.abs(one - Number(value)));
        return String(far.indexOf(Math.min(...far)));
      }),
    /** The values of a state. */
    choiceOf: (/** @type {Record<string, any>} */ state) =>
      Object.fromEntries(names.map((name) => [name, stops[name] ? stops[name][state[name]] : state[name]])),
  };
}
