// Completion for fish: a line for each option and operand of each program.

import type { Page } from "../pages.ts";
import { type OperandKind, type Shape, shapeOf } from "./operands.ts";

export function forFish(pages: readonly Page[]): string {
  return HEAD + pages.map(shapeOf).flatMap(lines).map((line) => `${line}\n`).join("");
}

/** What comes behind an option, or as an operand; files are what fish offers by itself. */
const NAMES: Readonly<Record<OperandKind, string>> = {
  service: " -x -a '(__s6_overlay_services)'",
  scandir: " -x -a '(__s6_overlay_scandirs)'",
  directory: " -x -a '(__fish_complete_directories)'",
  file: " -r -F",
  user: " -x -a '(__fish_complete_users)'",
  group: " -x -a '(__fish_complete_groups)'",
  program: " -x -a '(__fish_complete_command)'",
  none: " -x",
};

const HEAD = `# Completion for fish of the programs of s6-overlay, printed by s6-overlay help -c fish.

function __s6_overlay_services
    for path in /run/service/* /var/run/s6/services/*
        test -d $path; and echo $path
    end
    __fish_complete_directories
end

function __s6_overlay_scandirs
    for path in /run/service /var/run/s6/services
        test -d $path; and echo $path
    end
    __fish_complete_directories
end

# True if so many operands stand before the word to complete, or at least so many.
function __s6_overlay_at -a values wanted atleast
    set -l seen 0
    set -l pending no
    set -l options yes
    for word in (commandline -opc)[2..-1]
        if test $pending = yes
            set pending no
            continue
        end
        if test $options = yes
            if test "$word" = --
                set options no
                continue
            end
            if string match -qr -- '^-.' $word
                set -l letter (string sub -s -1 -- $word)
                contains -- $letter (string split '' -- $values); and set pending yes
                continue
            end
            set options no
        end
        set seen (math $seen + 1)
    end
    test $seen -eq $wanted; or test -n "$atleast" -a $seen -ge $wanted
end

`;

function lines({ name, options, operands, repeats }: Shape): string[] {
  const values = options.filter(({ value }) => value !== undefined).map(({ letter }) => letter).join("");
  const found = options.map(({ letter, value, meaning }) => {
    const takes = value === undefined ? "" : NAMES[value];
    return `complete -c ${name} -s ${letter}${takes} -d ${quoted(meaning)}`;
  });
  const last = operands.length - 1;
  operands.forEach((kind, index) => {
    // Behind a program come its own words: files will do.
    const again = repeats && index === last && kind !== "program" ? " more" : "";
    const condition = quoted(`__s6_overlay_at ${quotedTwice(values)} ${index}${again}`);
    if (kind !== "file" && kind !== "none") found.push(`complete -c ${name} -n ${condition}${NAMES[kind]}`);
  });
  return found;
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}

/** A word inside a quoted command. */
function quotedTwice(letters: string): string {
  return `"${letters}"`;
}
