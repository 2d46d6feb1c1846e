// @ts-nocheck: the types of Node are not here
// A module of the figures: its source, or what is sent, where CNNBOOK_WIDGETS says it lies.
import { pathToFileURL } from "node:url";

const { CNNBOOK_WIDGETS } = process.env;
const folder = CNNBOOK_WIDGETS
  ? pathToFileURL(`${CNNBOOK_WIDGETS}/`)
  : new URL("../../docs/assets/widgets/", import.meta.url);
export const load = (name) => import(new URL(name, folder));
