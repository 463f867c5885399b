// Whether the JSON of s6-overlay status has the fields that are documented, and in them what is documented.

import {
  CONTAINER_FIELDS,
  MOMENT_FIELDS,
  REPORT_FIELDS,
  SERVICE_FIELDS,
  type StatusField,
} from "../lib/overlay/status/status_schema.ts";

/** What is wrong with it, one line each. */
export function faultsOfStatus(report: object): string[] {
  return faultsOfFields({ ...report }, REPORT_FIELDS, "report");
}

/** What is wrong with a value of this type. */
function faultsOf(value: unknown, type: string, where: string): string[] {
  const types = type.split("|");
  if (value === null) return types.includes("null") ? [] : [`${where} is null`];
  const [kind] = types;
  const nested: Readonly<Record<string, Readonly<Record<string, StatusField>>>> = {
    moment: MOMENT_FIELDS,
    container: CONTAINER_FIELDS,
    service: SERVICE_FIELDS,
    exit: {
      code: { type: "number|null", meaning: "" },
      signal: { type: "string|null", meaning: "" },
      at: { type: "moment", meaning: "" },
    },
  };
  if (kind === "services") return (value as unknown[]).flatMap((service) => faultsOf(service, "service", where));
  const fields = kind === undefined ? undefined : nested[kind];
  if (fields !== undefined) return faultsOfFields(value as Readonly<Record<string, unknown>>, fields, where);
  return types.includes(typeof value) || types.includes(`${value}`) ? [] : [`${where} is ${JSON.stringify(value)}`];
}

function faultsOfFields(
  value: Readonly<Record<string, unknown>>,
  fields: Readonly<Record<string, StatusField>>,
  where: string,
): string[] {
  const [there, declared] = [Object.keys(value).sort(), Object.keys(fields).sort()];
  const faults = there.join() === declared.join() ? [] : [`${where} has the fields ${there}, not ${declared}`];
  return faults.concat(
    Object.entries(fields).flatMap(([name, { type }]) => faultsOf(value[name], type, `${where}.${name}`)),
  );
}
