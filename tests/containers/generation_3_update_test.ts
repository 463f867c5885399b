// s6-rc-update in a container of generation 3: services are added, removed, changed and renamed while others go on, and the stop
// brings down what is there then.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { quickly, type Root } from "../surroundings/quick.ts";
import { inOrder, longrunFiles, oneshotFiles, scriptFile, server, SOURCES, story, user } from "./generation_3.ts";

const INSTANCE = "#!/bin/sh\nexec sleep 1000\n";

const IMAGE = {
  ...oneshotFiles("first"),
  ...server("web", ["first"]),
  ...server("database"),
  ...oneshotFiles("leaving"),
  ...longrunFiles("template", "exec s6-svscan instance\n", [], { "template/run": { content: INSTANCE, mode: 0o755 } }),
  ...user("web", "database", "leaving", "template"),
};

/** In them `new` is a copy of the sources, and `update` compiles it and goes over to it. */
const WORDS = `PATH=/command:$PATH
cp -r /${SOURCES} /run/new
number=0
update() { number=$((number + 1)); s6-rc-compile /run/db$number /run/new && s6-rc-update "$@" /run/db$number; }
pid() { s6-svstat -o pid /run/service/$1; }
up() { s6-rc -a list | grep -v s6rc- | sort | tr '\\n' ' '; echo; }
`;

/** @param wait the options and services of s6-svwait before */
async function inside(
  root: Root,
  words: string,
  wait = "-U /run/service/web /run/service/database",
): ReturnType<typeof quickly> {
  const argv = ["/init", "/bin/sh", "-c", `${WORDS}s6-svwait ${wait}\n${words}\nexit 7`];
  return await quickly(root, { argv });
}

story("services are added, removed, changed and renamed while others go on", IMAGE, async (root) => {
  const { code, stdout, stderr } = await inside(
    root,
    `cd /run/new; p=$(pid web)
    rm -r leaving; cp -r first fresh; echo 'echo up fresh' >fresh/up; echo 'echo down fresh' >fresh/down
    echo 'echo down first, changed' >first/down
    mv database store
    echo 'database -> store' >/run/conversions
    update -f /run/conversions; echo "=> $?"; up
    s6-rc -u change fresh; up
    test $p = $(pid web) && echo the same web
    ls /run/service; readlink /run/service/store | sed 's/:......//2; s#.*/s6-rc#s6-rc#'`,
  );
  equal(code, 7, stderr);
  ok(inOrder(stdout, "down leaving", "=> 0", "first store template web ", "up fresh", "the same web"), stdout + stderr);
  match(stdout, /^first fresh store template web $/m);
  ok(!/^database$/m.test(stdout), stdout);
  // The stop knows what has been changed: a oneshot that the boot did not know goes down too, in order.
  const stop = stdout.slice(stdout.indexOf("the same web"));
  ok(inOrder(stop, "end web", "down first, changed"), stop);
  ok(inOrder(stop, "down fresh") && inOrder(stop, "end database"), stop);
  match(stderr, /^s6-rc: info: service fresh successfully stopped$/m);
});

story("instances of a service go over to the new database with it", IMAGE, async (root) => {
  const { stdout, stderr } = await inside(
    root,
    `s6-instance-create /run/service/template one; s6-instance-create /run/service/template two
    one=$(s6-svstat -o pid /run/service/template/instance/one)
    echo '# changed' >>/run/new/template/template/run
    update; echo "=> $?"
    test $one = $(s6-svstat -o pid /run/service/template/instance/one) && echo the same instance
    s6-instance-list /run/service/template; tail -n 1 /run/service/template/instance/two/run`,
  );
  ok(inOrder(stdout, "=> 0", "the same instance", "one", "two", "# changed"), stdout + stderr);
});

story("an update that cannot rename in the middle leaves all as it was", IMAGE, async (root) => {
  const { code, stdout, stderr } = await inside(
    root,
    // A mount point cannot be renamed.
    `mount -t tmpfs none /run/s6-rc/servicedirs/web/data 2>/dev/null || { mkdir /run/s6-rc/servicedirs/web/data; \
      mount -t tmpfs none /run/s6-rc/servicedirs/web/data; }
    mkdir /run/new/web/data; touch /run/new/web/data/file; before=$(readlink /run/s6-rc); p=$(pid web); q=$(pid database)
    update; echo "=> $?"; up
    test $before = $(readlink /run/s6-rc) && test $p = $(pid web) && test $q = $(pid database) && echo as it was
    ls -d /run/s6-rc:*; umount /run/s6-rc/servicedirs/web/data; update; echo "=> $?"
    test $before = $(readlink /run/s6-rc) || test $p = $(pid web) && echo gone over`,
  );
  equal(code, 7, stderr);
  ok(inOrder(stdout, "=> 111", "as it was", "=> 0", "gone over"), stdout + stderr);
  match(
    stderr,
    /^s6-rc-update: fatal: unable to make new live directory in .*: (?:Device or resource|Resource) busy$/m,
  );
  equal(stdout.match(/^\/run\/s6-rc:/gm)?.length, 1, stdout);
  ok(inOrder(stdout.slice(stdout.indexOf("gone over")), "end web", "down first"), stdout);
});

story("within a transition an update that would wait for it is refused in one line, and so is whatever else waits", {
  ...oneshotFiles("asks", [], {
    up: 'sh -c "PATH=/command:$PATH; s6-rc-update -b /run/s6/db; echo code $?; s6-rc-format-upgrade -b /run/s6/db; ' +
      'echo code $?; s6-rc -b -a list; echo code $?"\n',
  }),
  ...oneshotFiles("later"),
  ...user("later"),
}, async (root) => {
  const argv = ["/init", "/bin/sh", "-c", "PATH=/command:$PATH; s6-rc -u change asks; echo end $?; exit 7"];
  const { code, stdout, stderr } = await quickly(root, { argv });
  equal(code, 7, stderr);
  ok(inOrder(stdout, "code 111", "code 111", "later", "code 0", "end 0"), stdout);
  for (const program of ["s6-rc-update", "s6-rc-format-upgrade"]) {
    const said = stderr.split("\n").filter((line) => line.startsWith(`${program}: `));
    deepEqual(said, [
      `${program}: fatal: unable to take locks: the change that has them waits for asks, which runs this program: it can be ` +
      "run when asks is done",
    ]);
  }
});

story("the same within a oneshot of the boot", {
  ...oneshotFiles("asks", [], {
    up:
      '/command/with-contenv sh -c "s6-rc-update -b /run/s6/db; echo code $?; s6-rc -b -a list >/dev/null; echo code $?"\n',
  }),
  ...user("asks"),
}, async (root) => {
  const { code, stdout, stderr } = await quickly(root, { argv: ["/init", "/bin/sh", "-c", "exit 7"] });
  equal(code, 7, stderr);
  ok(inOrder(stdout, "code 111", "code 0"), stdout + stderr);
});

const LEGACY = {
  ...longrunFiles("web", "exec sleep 1000"),
  ...user("web"),
  "etc/services.d/old/run": scriptFile("exec sleep 1000"),
  "etc/cont-finish.d/1": scriptFile('echo "the last script for $RC_NAME"'),
};
const OVERLAY = "/etc/s6-overlay/user-bundles.d /package/admin/s6-overlay/etc/s6-rc/sources";

story("an update that knows what the overlay defines leaves services.d as it is", LEGACY, async (root) => {
  const { stdout, stderr } = await inside(
    root,
    `old=$(pid old); web=$(pid web)
    s6-rc-compile /run/db /${SOURCES} ${OVERLAY} && s6-rc-update /run/db; echo "=> $?"; up
    test $old = $(pid old) && test $web = $(pid web) && echo the same; echo end`,
    "-u /run/service/old",
  );
  const services = "fix-attrs legacy-cont-init legacy-services web ";
  ok(inOrder(stdout, "=> 0", services, "the same", "end", "the last script for legacy-cont-init"), stdout + stderr);
  equal(stdout.match(/the last script/g)?.length, 1, stdout);
});

story("one that does not stops it and runs cont-finish.d, which the end then does not again", LEGACY, async (root) => {
  const { stdout, stderr } = await inside(
    root,
    `s6-rc-compile /run/db /${SOURCES} && s6-rc-update /run/db; echo "=> $?"; up; test -e /run/service/old; echo "=> $?"`,
    "-u /run/service/old",
  );
  ok(inOrder(stdout, "the last script for legacy-cont-init", "=> 0", "web ", "=> 1"), stdout + stderr);
  equal(stdout.match(/the last script/g)?.length, 1, stdout);
});

story("cont-finish.d is run again where cont-init.d has been in between", LEGACY, async (root) => {
  const { stdout, stderr } = await inside(
    root,
    "s6-rc -d change base; s6-rc -u change base; echo up again",
    "-u /run/service/old",
  );
  ok(
    inOrder(stdout, "the last script for legacy-cont-init", "up again", "the last script for legacy-cont-init"),
    stderr,
  );
  equal(stdout.match(/the last script/g)?.length, 2, stdout);
});

const HOLD = `hold() {
  echo "held: $(s6-setuidgid nobody s6-setlock -rn $1 sh -c 'echo yes; exec sleep 1000 >/dev/null' 2>/dev/null &)"
}
`;

story("a user who may only read keeps nobody from changes by a lock, nor the stop", IMAGE, async (root) => {
  const { code, stdout, stderr } = await inside(
    root,
    `${HOLD}hold /run/s6-rc/lock; hold /run/s6-rc/compiled/lock; s6-rc -d change web; echo "=> $?"
    update; echo "=> $?"; hold /run/s6-rc/lock; hold /run/s6-rc/compiled/lock; s6-setuidgid nobody s6-rc -a list`,
  );
  equal(code, 7, stderr);
  ok(
    inOrder(stdout, "held: ", "held: yes", "end web", "=> 0", "=> 0", "held: ", "held: yes", "database"),
    stdout + stderr,
  );
  ok(inOrder(stdout, "end database", "down first"), stdout + stderr);
});
