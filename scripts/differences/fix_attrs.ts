// Differences from the original. fix-attrs.

import { type Difference, inArea } from "./row.ts";

export const FIX_ATTRS: readonly Difference[] = [
  ...inArea("fix-attrs", [
    {
      ours: "**A recursion does not follow the links that it meets.** A path that a rule names, or that its pattern " +
        "matches, may be a link and is followed, if only root can have made it.",
      original: "The original changes what they lead to, as root, even outside the tree.",
      test: [
        "tests/lib/overlay/attributes/fix_attrs_test.ts",
        "a recursive rule changes what lies below, but hidden names and what links lead to",
      ],
      also: [[
        "tests/lib/overlay/attributes/fix_attrs_test.ts",
        "a path that a rule names may be a link and is followed",
      ]],
    },
    {
      ours:
        "**A link that a user can have made leads a rule only to what belongs to that user**, wherever on the path " +
        "it is. All else is left alone, with a line.",
      original: "With a rule for `/data/*`, the original gives a user any file that it links to there.",
      test: ["tests/lib/overlay/attributes/foreign_path_test.ts", "a user's link leads root neither"],
      also: [
        ["tests/lib/overlay/attributes/foreign_path_test.ts", "a user's link on the way to a path"],
        ["tests/lib/overlay/attributes/foreign_path_test.ts", "a user's link to what is its own is followed"],
      ],
    },
    {
      ours: "**Renaming entries while a rule is applied changes nothing outside the path.** Everything below a path " +
        "is reached through descriptors of directories that are no links.",
      test: ["tests/lib/race_test.ts", "fix-attrs changes nothing outside"],
    },
    {
      ours: "**A file with several names is left alone, with a line, where another user may have made the name.** A " +
        "user who can write to a directory could put a link to a file of root's there, to be given it. That is " +
        "refused at a path and below it where the kernel permits such links (`fs.protected_hardlinks` is 0), unless the " +
        "directory can only be written by root, or only by the file's owner. Where the kernel forbids them, as " +
        "most do, files with several names are changed like others.",
      test: ["tests/lib/overlay/attributes/fix_attrs_test.ts", "root's file with two names"],
      also: [
        [
          "tests/lib/overlay/attributes/fix_attrs_test.ts",
          "the owner of a directory may have files of several names in it",
        ],
        ["tests/lib/overlay/attributes/foreign_path_test.ts", "another name of root's file, which a rule names"],
      ],
    },
    {
      ours: "**What is right already is not touched**, so that an overlay file system does not copy it.",
      test: ["tests/lib/overlay/attributes/fix_attrs_test.ts", "what is right already is not touched"],
    },
    {
      ours: "**An unterminated last line counts.**",
      original: "The original drops it silently.",
      test: [
        "tests/cases/overlay/fix_attrs.ts",
        "without recursion only the path is changed, and a last line needs no end",
      ],
    },
    {
      ours: "**Lines may begin with whitespace, and with `#` for a comment.**",
      test: ["tests/lib/overlay/attributes/attribute_rule_test.ts", "a line may begin with blanks"],
      also: [[
        "tests/lib/overlay/attributes/attribute_rule_test.ts",
        "empty lines, blank lines and comments are no rules",
      ]],
    },
    {
      ours: "**`user:` or `:group` without a fallback** leaves the other half alone.",
      original: "The original sets an undefined number.",
      test: [
        "tests/lib/overlay/attributes/attribute_rule_test.ts",
        "the account ${account} is uid ${uid} and gid ${gid}",
      ],
    },
    {
      ours: "**A pattern such as `.*` does not match `.` and `..`.**",
      test: [
        "tests/lib/overlay/attributes/fix_attrs_test.ts",
        "a pattern for hidden names does not climb to the directory above",
      ],
    },
  ]),
];
