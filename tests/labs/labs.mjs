// A module of the figures: its source, or what is sent, where CNNBOOK_LABS says it lies.
import { pathToFileURL } from "node:url";

const { CNNBOOK_LABS } = process.env;
const folder = CNNBOOK_LABS ? pathToFileURL(`${CNNBOOK_LABS}/`) : new URL("../../docs/assets/labs/", import.meta.url);
export const lab = (name) => import(new URL(name, folder));
