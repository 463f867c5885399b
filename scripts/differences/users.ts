// Differences from the original. Users other than root, and places that cannot be written.

import { type Difference, inArea } from "./row.ts";

export const USERS: readonly Difference[] = [
  ...inArea("Users, and places that cannot be written", [
    {
      ours: "**No program is setuid.** A `USER` other than root has its state directory in `/var/run/s6` where it " +
        "may write to `/run` (a tmpfs), or where the image has `/run/s6` for it (`mkdir /run/s6 && chown UID " +
        "/run/s6`, or for any user of group 0 `chmod 2775 /run/s6`), or where the container is started with " +
        "`--tmpfs /run/s6:exec`. (With `--tmpfs /run` runc keeps the mode that `/run` has in the image.)",
      original: "The original has a setuid program that gives `/var/run/s6` to the container's user.",
      test: [
        "tests/build/build_test.ts",
        "everything in the tarball belongs to root, only root may write it, and nothing is setuid",
      ],
      also: [["tests/containers/users_test.ts", "without an account, whose group the image lets in"]],
    },
    {
      ours: "**A state directory elsewhere.** Where `/var/run/s6` cannot be had, because `/run` belongs to another " +
        "user or the root directory is read-only, it is made in `/tmp`, `/dev/shm` or `/var/tmp` as " +
        "`s6-overlay-UID-NAMESPACE`, and one line says so. All programs of the overlay, in scripts, services and " +
        "`docker exec`, find it by `/var/run/s6`, `/run/s6` and `/run/service`. Other programs do not (`cat " +
        "/var/run/s6/container_environment/X`). `$0` of a script in `cont-init.d` is its real path. Process 1 " +
        "does not answer programs there that a shell starts.",
      test: ["tests/containers/moved_state_test.ts", "the container's user may not write to /run"],
      also: [[
        "tests/lib/overlay/boot/moved_state_test.ts",
        "the names of the state directory, and no others, come to the one that is elsewhere",
      ]],
    },
    {
      ours: "**A state directory of a third user** (an image prepared for user 100, in a container of a random user " +
        "of group 0) is used where it can be written, with a warning.",
      test: ["tests/containers/users_test.ts", "in whose group another user is, to whom the state directory belongs"],
    },
    {
      ours: "**As root, the overlay trusts nothing in `/var/run/s6` that another user could have created.** A state " +
        "directory that belongs to another user, or that others can write to, becomes root's and is emptied. A " +
        "link of another user's in it is replaced. A `/run` of root's that others can write to gets the sticky " +
        "bit, so that no other user can put another directory in its place. A `/run` that belongs to another " +
        "user gets a warning.",
      test: ["tests/containers/users_test.ts", "root boots where /run ${how}, and nobody else has a hand in the state"],
    },
    {
      ours: "**As another user than root, the overlay refuses a link of a third user's in the place of the state " +
        "directory.**",
      test: ["tests/containers/users_test.ts", "a link of somebody else's is in the state directory's place"],
    },
    {
      ours: "**A second `/init` is refused**, in the command of an image whose entry point is `/init`, by `docker " +
        "exec`, or in another container with the same `/run`. Process 1 holds a lock in `/var/run/s6` that ends " +
        "with it, however it ends.",
      original: "The original empties the directory and starts all services again.",
      test: [
        "tests/containers/second_init_test.ts",
        "the command /init behind the entry point /init is refused in one line",
      ],
      also: [["tests/containers/second_init_test.ts", "a second container on the /run of one that lives is refused"]],
    },
    {
      ours: "**A narrow umask** of the container is for its programs. The overlay's own files are readable as always.",
      test: ["tests/containers/users_test.ts", "a container that was started with a narrow umask"],
    },
    {
      ours: "**A file of a service that process 1 may not read, or may not give to its owner,** is reported, and the " +
        "rest is copied: a file of root's in a container of another user, an owner that the user namespace does " +
        "not have. A service whose `run`, or whose logger's, cannot be read is not started.",
      test: [
        "tests/containers/one_id_test.ts",
        "a file of a service that the container's user may not read is left out",
      ],
      also: [[
        "tests/containers/one_id_test.ts",
        "in a user namespace of one id services keep what belonged to others",
      ]],
    },
    {
      ours: "**`logutil-service` logs as its own user** where it may not become `nobody`: in containers of another " +
        "user than root, without capabilities, and in a user namespace that has no `nobody`. With `-u user` it " +
        "fails there, with one line that recommends `s6-log`.",
      original: "The original fails, once a second.",
      test: ["tests/containers/users_test.ts", "boots, and is told once what only root can do"],
      also: [["tests/containers/logging_test.ts", "logutil-service cannot become another user"]],
    },
    {
      ours: "**`fix-attrs` reports what is not permitted, or read-only, once for each rule**, and how many more " +
        "there were.",
      test: [
        "tests/lib/overlay/attributes/fix_attrs_refused_test.ts",
        "what is never permitted is told once for each rule and action",
      ],
    },
    {
      ours: "**On a read-only root where only `/var` can be written** `/var/run` becomes a directory, if it was a " +
        "link out of it.",
      test: ["tests/containers/hardened_test.ts", "on a read-only root with a tmpfs on /var"],
    },
    {
      ours: "**A variable whose name is no file name** (it has a slash, begins with a dot, or is longer than 255 " +
        "bytes) is reported. It is not in the environment store.",
      test: [
        "tests/containers/environment_test.ts",
        "a name that cannot be stored is reported, and the container boots",
      ],
    },
  ]),
];
