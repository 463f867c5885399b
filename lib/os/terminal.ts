// A terminal: its size, and input key by key. Follows ioctl_tty(2) and termios(3).

import { checked } from "./failed_call.ts";
import { base, memory, PLACE, syscall, view } from "./libc.ts";
import type { Terminals } from "./parts.ts";
import { SYS } from "./syscall_numbers.ts";

const GET = 0x5401; // TCGETS
const SET_WHEN_WRITTEN = 0x5403; // TCSETSW
const GET_SIZE = 0x5413; // TIOCGWINSZ

// struct termios of the kernel: flags of input, output, control and local modes 4 each, line discipline 1, characters 19
const SIZE = 36;
const LOCAL_MODES = 12;
const CHARACTERS = 17;
const LINES = 0o2; // ICANON
const ECHO = 0o10;
const CHARACTER = { time: 5, least: 6, suspend: 10 };
const DISABLED = 0;

function takeKeys(fd: number): Uint8Array {
  checked(syscall(SYS.ioctl, fd, GET, base + PLACE.result), "read the terminal's modes");
  const before = memory.slice(PLACE.result, PLACE.result + SIZE);
  const modes = view.getUint32(PLACE.result + LOCAL_MODES, true);
  view.setUint32(PLACE.result + LOCAL_MODES, modes & ~(LINES | ECHO), true);
  const characters = PLACE.result + CHARACTERS;
  memory[characters + CHARACTER.least] = 1;
  memory[characters + CHARACTER.time] = 0;
  // A program that is suspended would leave the terminal as it is.
  memory[characters + CHARACTER.suspend] = DISABLED;
  checked(syscall(SYS.ioctl, fd, SET_WHEN_WRITTEN, base + PLACE.result), "set the terminal's modes");
  return before;
}

function restore(fd: number, modes: Uint8Array): void {
  memory.set(modes, PLACE.result);
  checked(syscall(SYS.ioctl, fd, SET_WHEN_WRITTEN, base + PLACE.result), "set the terminal's modes");
}

// struct winsize: rows 2, columns 2, pixels 2 and 2
function sizeOf(fd: number): { readonly columns: number; readonly rows: number } | undefined {
  if (syscall(SYS.ioctl, fd, GET_SIZE, base + PLACE.result) < 0) return undefined;
  const [rows, columns] = [view.getUint16(PLACE.result, true), view.getUint16(PLACE.result + 2, true)];
  return rows === 0 || columns === 0 ? undefined : { columns, rows };
}

export const terminals: Terminals = { sizeOf, takeKeys, restore };
