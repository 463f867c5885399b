// What a container may not read, or give away: a user namespace with the ids of one user, and files that only root can
// read. It copies what can be copied, says what cannot, and logs as its own user.

import { deepEqual, match } from "node:assert/strict";
import { CollectedProcess } from "../../scripts/container_process.ts";
import { ownNamespaces } from "../../scripts/namespaces.ts";
import { canIsolate } from "../surroundings/namespace.ts";
import { commandLine, limited, quickly, type Root, root } from "../surroundings/quick.ts";

const ONE_ID = ownNamespaces("user");

const SERVICE = `mkdir -p /etc/services.d/app/data /etc/services.d/app/log; cd /etc/services.d/app
printf '#!/bin/sh\\necho line; exec sleep 1000\\n' >run
printf '#!/bin/sh\\nexec logutil-service /var/log/app\\n' >log/run
echo secret >data/secret; chmod 755 run log/run`;

async function built(build: string): Promise<Root> {
  const made = await root({});
  const { success } = await new Deno.Command("chroot", { args: [made.path, "/bin/sh", "-ec", build] }).output();
  deepEqual(success, true);
  return made;
}

Deno.test({
  name: "in a user namespace of one id services keep what belonged to others, and loggers log as themselves",
  ignore: !canIsolate,
  fn: async () => {
    await using made = await built(`${SERVICE}; chown -R daemon data; chmod 4755 data/secret`);
    const look =
      "until grep -q line /var/log/app/current && [ -s /var/log/s6-uncaught-logs/current ]; do sleep 0.02; done 2>/dev/null; " +
      "cd /run/service/app/data; stat -c '%u %a' secret; cat secret";
    const environment = { S6_LOGGING: "1" };
    const argv = ["/init", "/bin/sh", "-c", look];
    const { code, stdout, stderr } = await limited(
      new CollectedProcess([...ONE_ID, ...commandLine(made, { environment, argv })]),
    );
    deepEqual([code, stdout, stderr], [0, "0 755\nsecret\n", ""]);
    match(
      await Deno.readTextFile(`${made.path}/var/log/s6-uncaught-logs/current`),
      /unable to set the owner of app\/data\/secret: this user namespace has no user 65534, or no group 0?.*: the copy belongs to process 1$/m,
    );
  },
});

Deno.test({
  name: "a file of a service that the container's user may not read is left out, and the service starts",
  ignore: !canIsolate,
  fn: async () => {
    await using made = await built(`${SERVICE}; rm -r log; chmod 600 data/secret; mkdir -m 700 hidden`);
    const argv = ["/bin/sh", "-c", 'chmod 777 /run; exec s6-setuidgid 1000:1000 /init "$@"', "sh"];
    const look = "s6-svwait -u /run/service/app && ls /run/service/app/data /run/service/app";
    const { code, stdout, stderr } = await quickly(made, { argv: [...argv, "/bin/sh", "-c", look] });
    deepEqual(code, 0, stderr);
    match(stdout, /\n\/run\/service\/app:\ndata\nevent\nrun\nsupervise\n\n\/run\/service\/app\/data:\n\[cmd\]/);
    match(
      stderr,
      /^s6-init: warning: unable to open app\/data\/secret: Permission denied: it is left out of the copy$/m,
    );
    match(stderr, /^s6-init: warning: unable to open app\/hidden: Permission denied: it is left out of the copy$/m);
  },
});
