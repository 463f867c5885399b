// Completion for fish: a line for each option and operand of each program and subcommand.

import type { CommandLines, Operand, OperandKind, Shape } from "./operands.ts";

export function forFish({ programs, subcommands, lists }: CommandLines): string {
  const names = { ...NAMES, page: lists.page.join(" "), signal: lists.signal.join(" "), shell: lists.shell.join(" ") };
  const known = [...programs, ...subcommands].flatMap((shape) => lines(shape, names));
  return `${HEAD}${summaries(subcommands)}${known.map((line) => `${line}\n`).join("")}`;
}

type Names = Readonly<Record<OperandKind, string>>;

/** What fish offers for them; files are what it offers by itself. */
const NAMES: Omit<Names, "page" | "signal" | "shell"> = {
  service: "(__s6_overlay_services)",
  servicedir: "(__s6_overlay_servicedirs)",
  scandir: "(__s6_overlay_scandirs)",
  directory: "(__fish_complete_directories)",
  file: "",
  user: "(__fish_complete_users)",
  group: "(__fish_complete_groups)",
  program: "(__fish_complete_command)",
  subcommand: "(__s6_overlay_subcommands)",
  none: "",
};

const HEAD = `# Completion for fish of the programs of s6-overlay, printed by s6-overlay help -c fish.

function __s6_overlay_services
    for path in /var/run/s6/services/*
        test -d $path; and string replace -r '.*/' '' $path
    end
end

function __s6_overlay_servicedirs
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
    set -l words (commandline -opc)
    for word in $words[2..-1]
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
                # The whole of a long one, the last letter of others.
                set -l option (string match -r -- '^--.*|.$' $word)
                contains -- $option (string split ' ' -- $values); and set pending yes
                continue
            end
            # Subcommands take options behind operands too.
            string match -q '*s6-overlay' $words[1]; or set options no
        end
        set seen (math $seen + 1)
    end
    test $seen -eq $wanted; or test -n "$atleast" -a $seen -ge $wanted
end

function __s6_overlay_behind -a subcommand
    set -l words (commandline -opc)
    test "$words[2]" = $subcommand
end

# Where no files are wanted, none are offered.
complete -c s6-overlay -f

`;

function summaries(subcommands: readonly Shape[]): string {
  const rows = subcommands.map(({ name, summary }) => ` \\\n        ${name.split(" ")[1]} ${quoted(summary)}`);
  return `function __s6_overlay_subcommands\n    printf '%s\\t%s\\n'${rows.join("")}\nend\n\n`;
}

function lines({ name, options, operands, repeats }: Shape, names: Names): string[] {
  const [program, subcommand] = name.split(" ");
  const behind = subcommand === undefined ? [] : [`__s6_overlay_behind ${subcommand}`];
  const line = (conditions: readonly string[], rest: string): string =>
    `complete -c ${program}${conditions.length === 0 ? "" : ` -n ${quoted(conditions.join("; and "))}`}${rest}`;
  const found = options.map(({ letter, value, meaning }) => {
    const spelled = letter.startsWith("-") ? `-l ${letter.slice(1)}` : `-s ${letter}`;
    const takes = value === undefined ? "" : value === "file" ? " -r -F" : ` -x${offering(names[value])}`;
    return line(behind, ` ${spelled}${takes} -d ${quoted(meaning)}`);
  });
  const values = options.filter(({ value }) => value !== undefined).map(({ letter }) =>
    letter.startsWith("-") ? `-${letter}` : letter
  );
  operands.forEach((operand, index) => {
    // Behind a program come its own words: files will do.
    const again = repeats && index === operands.length - 1 && !operand.kinds.includes("program") ? " more" : "";
    const offers = offersOf(operand, names);
    const at = `__s6_overlay_at "${values.join(" ")}" ${index + behind.length}${again}`;
    if (offers !== "") found.push(line([...behind, at], ` -x${offering(offers)}`));
    else if (subcommand !== undefined && operand.kinds.includes("file")) found.push(line([...behind, at], " -F"));
  });
  return found;
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}

function offersOf({ kinds, words }: Operand, names: Names): string {
  return [...kinds.map((kind) => names[kind]).filter((name) => name !== ""), ...words].join(" ");
}

function offering(names: string): string {
  return names === "" ? "" : ` -a ${quoted(names)}`;
}
