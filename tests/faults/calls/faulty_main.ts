// The program as it is, but for calls that fail: the entry of a build for tests.

import "./faulty_library.ts";
export * from "../../../cli/main.ts";
