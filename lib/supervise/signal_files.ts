// Signals to a scanner. A file .s6-svscan/SIGNAME that can be executed is run for one; else, if the owner of the
// scanner does not see to it, its command is obeyed.

import type { ByteString } from "../bytes.ts";
import { ProcessImage } from "../image/image.ts";
import type { Cancel } from "../os/os.ts";
import { withStreams } from "./child.ts";
import { SCANNER_SIGNALS, type ScannerCommand } from "./control.ts";
import type { ControlDir } from "./control_dir.ts";
import type { SupervisePorts } from "./ports.ts";
import type { ScannerOptions } from "./scanner_port.ts";
import type { Troubles } from "./troubles.ts";

type SignalPorts = Pick<SupervisePorts, "start"> & {
  readonly control: Pick<ControlDir, "has">;
  readonly reactor: Pick<SupervisePorts["reactor"], "onSignal">;
};

/** Calls back for each signal that is to be obeyed. */
export function watchSignals(
  ports: SignalPorts,
  options: Pick<ScannerOptions, "directory" | "environment" | "signals" | "onSignalFirst" | "onSignal" | "printing">,
  troubles: Troubles,
  obey: (command: ScannerCommand) => void,
  isLeaving: () => boolean,
): Cancel[] {
  const { signals = SCANNER_SIGNALS, directory, environment, onSignalFirst, onSignal, printing } = options;
  const isThere = (file: ByteString): boolean => {
    let found = false;
    troubles.attempt(`look at .s6-svscan/${file}`, () => found = ports.control.has(file));
    return found;
  };
  const hasHandler = (file: ByteString): boolean =>
    isThere(file) &&
    troubles.attempt(`spawn .s6-svscan/${file}`, () => {
      const name = `.s6-svscan/${file}`;
      const image = ProcessImage.of([name], environment).step({ by: "s6-svscan", do: "directory", path: directory });
      const streams = printing?.(name, ["stdout", "stderr"]) ?? {};
      ports.start(withStreams(image, "s6-svscan", streams).ofScript(), { ended: () => {} });
    });
  return Object.entries(signals).map(([name, { signal, command }]) =>
    ports.reactor.onSignal(signal, () => {
      if (isLeaving() || onSignalFirst?.(name) || hasHandler(`SIG${name}`) || onSignal?.(name)) return;
      if (command !== undefined) obey(command);
    })
  );
}
