// Calls of our programs that process 1 answers: what comes out is what a process of its own would come to, and no runtime
// is started for them.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { output } from "../../scripts/command.ts";
import { intoContainer } from "../../scripts/namespaces.ts";
import { firstProcess, limited, type Root, root, start } from "../surroundings/quick.ts";
import type { Given } from "../rows/harness.ts";
import { runTraced } from "../surroundings/traced.ts";

const ignore = Deno.uid() !== 0;
const script = (...lines: string[]): Given => ({ content: `#!/bin/sh\n${lines.join("\n")}\n`, mode: 0o755 });

/** Calls, and what each prints. */
const SERVED: Readonly<Record<string, string>> = {
  "s6-true; echo $?": "0\n",
  "s6-false; echo $?": "1\n",
  "s6-echo hi": "hi\n",
  "s6-svstat -u /run/s6/services/web": "true\n",
  "s6-svok /run/s6/services/web; echo $?": "0\n",
  "s6-svwait -u /run/s6/services/web; echo $?": "0\n",
  "s6-svwait -o -D -t 1000 /run/s6/services/idle /run/s6/services/web; echo $?": "0\n",
  "s6-svwait -d -t 10 /run/s6/services/web 2>&1; echo $?": "s6-svwait: fatal: timed out\n99\n",
  "execlineb -Pc 'foreground { fdmove -c 2 1 s6-svwait -d -t 10 /run/s6/services/web } importas -u ? ? s6-echo $?'":
    "s6-svwait: fatal: timed out\n99\n",
  "s6-test a = b -o 7 -lt 10; echo $?": "0\n",
  "eltest -d /etc -a ! -e /nowhere; echo $?": "0\n",
  "execlineb -Pc 'if { eltest -f /chain } if -n { s6-test -s /etc/nothing } s6-echo both'": "both\n",
  "s6-setuidgid nobody true; echo $?": "0\n",
  "s6-svc -u /run/s6/services/web; echo $?": "0\n",
  "s6-svc -wu -u /run/s6/services/web; echo $?": "0\n",
  "s6-svc -wd -T 10 /run/s6/services/web 2>&1; echo $?": "s6-svc: fatal: timed out\n99\n",
  "s6-svscanctl -a /run/s6/services; echo $?": "0\n",
  "with-contenv sh -c 'echo $GREETING'": "hello\n",
  "execlineb -Pc 'export A b importas -u A A s6-echo $A'": "b\n",
  "execlineb -Pc 'foreground { s6-echo hi } foreground { s6-false } importas -u ? ? s6-echo $?'": "hi\n1\n",
  'execlineb -Pc \'backtick -n v { s6-echo hi } backtick w { sh -c "printf %s \\"$v $v\\"" } importas -u w w s6-echo <${w}>\'':
    "<hi hi>\n",
  "execlineb -Pc 'background { s6-true } importas -u p ! if { test $p -gt 0 } s6-echo on'": "on\n",
  "execlineb -Pc 'pipeline { s6-echo through } cat'": "through\n",
  "execlineb -Pc 'pipeline -w { cat } s6-echo back' | cat": "back\n",
  "execlineb -Pc 'background -d { s6-true } importas -u p ! if { test $p -gt 0 } s6-echo apart'": "apart\n",
  "execlineb -Pc 'pipeline -d { s6-echo through } cat'": "through\n",
  "execlineb -Pc 'pipeline -dw { cat } s6-echo back' | cat": "back\n",
  "execlineb -Pc 'foreground { s6-false } redirfd -w 1 /tmp/out foreground { s6-echo said } s6-echo more'; cat /tmp/out":
    "said\nmore\n",
  "execlineb -Pc 'forbacktickx i { printf \"a b\\nc\\n\" } importas -u v i s6-echo <${v}>'": "<a b>\n<c>\n",
  "execlineb -Pc 'forbacktickx -E i { s6-echo one } s6-echo $i'": "one\n",
  "printf 'a\\nb\\n' | forstdin -E i s6-echo '<${i}>'; echo $?": "<a>\n<b>\n0\n",
  "forstdin i s6-echo no </dev/null; echo $?": "1\n",
  "heredoc 0 text cat; echo": "text\n",
  "execlineb -Pc 'heredoc 5 five heredoc 0 none foreground { s6-cat } fdmove 0 5 s6-cat'; echo": "nonefive\n",
  "s6-echo text | withstdinas -E v s6-echo '<${v}>'": "<text>\n",
  "execlineb -Pc 'forx -p i { a } importas -u v i s6-echo $v'": "a\n",
  "execlineb -Pc 'forx -P 1 -o 0 i { 0 3 } importas -u v i exit $v'; echo $?": "1\n",
  "execlineb -Pc 'forx i { a b c } importas -u v i s6-echo $v'": "a\nb\nc\n",
  "execlineb -Pc 'if { s6-false } s6-echo no'; echo $?": "1\n",
  "execlineb -Pc 'ifelse { s6-true } { s6-echo yes } s6-echo no'": "yes\n",
  "/chain": "from a file\n",
};

/** Calls that fail or do more, each with its messages: what carries them out does it once. */
const OTHERS: readonly string[] = [
  "s6-svc -u /nowhere; echo $?",
  "s6-svc -u; echo $?",
  "s6-svc -wu -u /run/s6/services/web; echo $?",
  "s6-svstat /nowhere; echo $?",
  "s6-svwait -d -t 10 /run/s6/services/web; echo $?",
  "s6-svwait -r -t 10 /run/s6/services/web; echo $?",
  "s6-svwait -R -t 10 /run/s6/services/idle; echo $?",
  "s6-svwait -a -u -t 10 /run/s6/services/web /run/s6/services/idle; echo $?",
  "(cd /run/s6/services; s6-svwait -d idle; echo $?)",
  "s6-svwait -u -t x /run/s6/services/web; echo $?",
  "s6-svwait -u /run/s6/services/web /nowhere; echo $?",
  "s6-svwait; echo $?",
  "s6-test; echo $?",
  "s6-test a =; echo $?",
  "s6-test a =~ b; echo $?",
  "eltest abc =~ ^a; echo $?",
  "eltest x -lt 3; echo $?",
  "cd /etc; eltest -e services.d; echo $?; cd /",
  "eltest -L /command/eltest -a -x /command/eltest -a -r /chain; echo $?",
  "s6-test -G /chain -a -O /chain -a -U /chain; echo $?",
  "GREETING=x eltest -v GREETING; echo $?",
  "eltest -t 0; echo $?",
  "eltest -S /run/s6/questions -a /chain -nt /proc -o /chain -ef /chain; echo $?",
  "eltest -e /chain/no; echo $?",
  "execlineb -Pc 'redirfd -w 5 /tmp/made eltest -f /tmp/made'; echo $?; rm /tmp/made",
  "execlineb -Pc 'if { redirfd -w 5 /tmp/made eltest -f /tmp/made } foreground { rm /tmp/made } ifelse { s6-test -e /tmp/made } { } s6-echo gone'; echo $?",
  "eltest -u /chain -o -p /chain -o -b /dev/null; eltest -c /dev/null; echo $?",
  "execlineb -Pc 'foreground { s6-svwait -d -t 10 /run/s6/services/web } importas -u ? ? s6-echo $?'",
  "execlineb -Pc 'if { s6-svwait -u /run/s6/services/web } if { s6-svstat /nowhere } s6-echo no'; echo $?",
  "execlineb -Pc 'export A b s6-svwait -d -t 10 /run/s6/services/web'; echo $?",
  "s6-setuidgid no-such-user true; echo $?",
  "execlineb -Pc 'cd /tmp foreground { nosuch } s6-echo on'; echo $?",
  "execlineb -Pc 'foreground { s6-echo once } foreground { s6-svc -u /nowhere } s6-echo on'; echo $?",
  "execlineb -Pc 'foreground { s6-echo once } if { nosuch } s6-echo on'; echo $?",
  "execlineb -Pc 'redirfd -w 1 /tmp/out foreground { s6-echo said } s6-echo more'; cat /tmp/out",
  "execlineb -Pc 'backtick -E v { pipeline { s6-seq 20000 } s6-grep 7 } s6-echo $v' | wc -c",
  "execlineb -Pc 'backtick -I v { sh -c \"echo some; exit 3\" } importas -u ? ? importas -u v v s6-echo $? $v'; echo $?",
  "execlineb -Pc 'backtick v { sh -c \"kill -9 \\$\\$\" } s6-echo no'; echo $?",
  "execlineb -Pc 'backtick v { nosuch } s6-echo no'; echo $?",
  "execlineb -Pc 'backtick -D other v { s6-false } importas -u v v s6-echo $v'",
  "execlineb -Pc 'backtick v { printf \"a\\\\0b\" } s6-echo no'; echo $?",
  "execlineb -Pc 'fdclose 1 fdclose 0 backtick v { s6-echo inside } fdmove -c 1 2 importas -u v v s6-echo $v'",
  "execlineb -Pc 'backtick v { sh -c \"head -c 100000 /dev/zero | tr \\\\0 x\" } importas -u v v foreground { s6-echo on } s6-true'; echo $?",
  "execlineb -Pc 'backtick v { sh -c \"sleep 0.2 & echo at once\" } importas -u v v s6-echo $v'",
  "execlineb -Pc 'background { sh -c \"exit 3\" } importas -u p ! wait { $p } s6-echo waited'; echo $?",
  "execlineb -Pc 'background { nosuch } s6-echo no'; echo $?",
  "execlineb -Pc 'pipeline { nosuch } s6-echo no'; echo $?",
  "execlineb -Pc 'pipeline { s6-seq 20000 } pipeline { s6-grep 7 } wc -l'",
  "execlineb -Pc 'pipeline { yes } head -n 2'",
  "execlineb -Pc 'fdclose 0 pipeline { s6-echo in } cat'",
  "execlineb -Pc 'pipeline { } cat'; echo $?",
  "execlineb -Pc 'forx -o 0 i { 0 3 7 } sh -c \"echo $i; exit $i\"'; echo $?",
  "execlineb -Pc 'forx -P 2 i { a b c } s6-true'; echo $?",
  "execlineb -Pc 'forx -p i { a } nosuch'; echo $?",
  "execlineb -Pc 'background -d { nosuch } s6-echo no' 2>/dev/null; echo $?",
  "execlineb -Pc 'pipeline -d { nosuch } s6-echo no' 2>/dev/null; echo $?",
  "execlineb -Pc 'fdclose 0 fdclose 1 pipeline -d { s6-echo in } fdmove 1 2 cat'",
  "execlineb -Pc 'forbacktickx i { s6-seq 70 } importas -u v i s6-echo $v'; echo $?",
  'execlineb -Pc \'forbacktickx i { sh -c "head -c 100000 /dev/zero | tr \\\\0 x; echo; echo b" } sh -c "echo ${#i}"\'',
  // The body runs before the command has ended.
  "execlineb -Pc 'forbacktickx i { sh -c \"echo a; until rm /tmp/go 2>/dev/null; do :; done; echo b\" } importas -u v i foreground { touch /tmp/go } s6-echo $v'; rm -f /tmp/go",
  "execlineb -Pc 'forbacktickx -o 0 i { s6-echo 0 } importas -u v i exit $v'; echo $?",
  "execlineb -Pc 'forbacktickx -x 3 i { printf \"0\\n3\\n7\\n\" } importas -u v i foreground { s6-echo $v } exit $v'; echo $?",
  "execlineb -Pc 'forbacktickx i { nosuch } s6-echo no'; echo $?",
  "execlineb -Pc 'forbacktickx i { s6-seq 2 } nosuch'; echo $?",
  "execlineb -Pc 'forbacktickx -E i { s6-seq 2 } sh -c \"for fd in /proc/$$/fd/*; do echo ${fd##*/}; done; cat\"' </dev/null; echo $?",
  "execlineb -Pc 'forbacktickx -E i { s6-seq 66 } sh -c \"for fd in /proc/$$/fd/*; do echo ${fd##*/}; done; cat\"' </dev/null; echo $?",
  "execlineb -Pc 'forbacktickx -0 i { printf a\\\\0b\\\\0 } importas -u v i s6-echo $v'; echo $?",
  "execlineb -Pc 'forbacktickx -d \"\" i { printf 1:a,x } importas -u v i s6-echo $v'; echo $?",
  "heredoc -d 0 '' wc -c; echo $?",
  "heredoc 7 text sh -c 'for fd in /proc/$$/fd/*; do echo ${fd##*/}; done; cat <&7'; echo $?",
  "heredoc 0 \"$(head -c 60000 /dev/zero | tr '\\0' x)\" wc -c; echo $?",
  "heredoc 0 \"$(head -c 100000 /dev/zero | tr '\\0' x)\" wc -c; echo $?",
  "heredoc x text cat; echo $?",
  "fdmove 5 77 true; echo $?",
  "fdmove -c 5 77 true; echo $?",
  "execlineb -Pc 'redirfd -r 5 /chain fdmove 99999999 5 true'; echo $?",
  "redirfd -r 99999999 /chain true; echo $?",
  "heredoc 0 text nosuch; echo $?",
  "(exec <&- >&-; heredoc 1 text sh -c 'cat <&1 >&2'); echo $?",
  "(ulimit -n 64; heredoc 0 text cat); echo $?",
  "execlineb -Pc 'forbacktickx -E i { printf \"1\\n2\\n\" } heredoc 0 $i cat'; echo $?",
  "execlineb -Pc 'heredoc 0 \"a b\\nc\" forstdin -E i s6-echo <${i}>'; echo $?",
  "forstdin i s6-echo no <&-; echo $?",
  "printf 'a\\nb\\nc\\n' | forstdin i cat; echo $?",
  "printf 'a\\nb\\nc\\n' | forstdin -p i true; echo $?",
  "printf 'a\\0b' | withstdinas -i v s6-echo no; echo $?",
  "head -c 100000 /dev/zero | tr '\\0' x | withstdinas v s6-echo on; echo $?",
  "execlineb -Pc 'foreground { sh -c \"kill -9 \\$\\$\" } importas -u ? ? s6-echo $?'",
  "execlineb -Pc 'if -X { sh -c \"kill -9 \\$\\$\" } true'; echo $?",
  "execlineb -Pc 'loopwhilex -n sh -c \"echo x >>/tmp/count; [ \\$(wc -l </tmp/count) -ge 70 ]\"'; wc -l </tmp/count; rm /tmp/count",
  "(trap '' CHLD; execlineb -Pc 'foreground { s6-echo hi } s6-echo on')",
  "execlineb -Pc \"$(i=0; while [ $i -lt 70 ]; do echo foreground '{ s6-false }'; i=$((i+1)); done) s6-echo end\"",
];

const FILES: Readonly<Record<string, Given>> = {
  "etc/services.d/web/run": script("exec sleep 1000"),
  "etc/services.d/idle/run": script("exec sleep 1000"),
  "etc/services.d/idle/down": "",
  "chain": { content: "#!/command/execlineb -P\ncd /tmp\ns6-echo from a file\n", mode: 0o755 },
};

/** A call is served within some milliseconds or goes on by itself: on a busy machine that may be so now and then. */
const TRIES = 10;

Deno.test({
  name: "calls that process 1 answers start no runtime",
  ignore,
  fn: async () => {
    const calls = Object.keys(SERVED);
    const lines = calls.flatMap((call, at) =>
      Array.from({ length: TRIES }, () => [`/bin/mark ${at}`, `{ ${call}; } >/dev/null`]).flat()
    );
    const { code, stderr, trace } = await runTraced(["--seccomp-bpf", "-e", "trace=execve", "-e", "signal=none"], {
      ...FILES,
      "bin/mark": script("exit 0"),
      "command.sh": script("s6-svwait -u -t 20000 /run/s6/services/web", ...lines, "/bin/mark end", "exit 0"),
    });
    equal(code, 0, stderr);
    const served = new Set<string>();
    let call: string | undefined;
    let asked = false;
    for (const line of trace) {
      const mark = /execve\("\/bin\/mark", \["\/bin\/mark", "(\w+)"\]/.exec(line)?.[1];
      if (mark !== undefined) {
        if (call !== undefined && !asked) served.add(call);
        [call, asked] = [calls[Number(mark)], false];
      }
      asked ||= line.includes('execve("/usr/lib/s6-overlay/program"');
    }
    deepEqual(calls.filter((call) => !served.has(call)), []);
  },
});

/** Milliseconds after which the container hangs, however slow the machine is: some of these calls are loops. */
const MANY_CALLS = 120_000;

const ON = { GREETING: "hello" };
const OFF = { ...ON, S6_ANSWER_CALLS: "0" };

async function printed(made: Root, environment: Readonly<Record<string, string>>, command: string): Promise<string> {
  const container = start(made, { environment, argv: ["/init", "/bin/sh", "-c", command] });
  const { code, stdout, stderr } = await limited(container, MANY_CALLS);
  equal(code, 0, stderr);
  return stdout.slice(stdout.indexOf("[services.d] done.\n") + "[services.d] done.\n".length);
}

Deno.test({
  name: "what is answered is what a process of its own would come to",
  ignore,
  fn: async () => {
    await using made = await root(FILES);
    const wait = "s6-svwait -u -t 20000 /run/s6/services/web";
    const command = ["exec 2>&1", wait, ...Object.keys(SERVED), ...OTHERS, "exit 0"].join("\n");
    const [answered, alone] = [await printed(made, ON, command), await printed(made, OFF, command)];
    equal(answered, alone);
    equal(answered.slice(0, Object.values(SERVED).join("").length), Object.values(SERVED).join(""));
  },
});

// What a program finds of its process. The pids differ, and what sh itself opens.
const PROBE = [
  "grep -E '^(Uid|Gid|Groups|Umask|Sig|Shd|Cap|NoNewPrivs|Seccomp):' /proc/self/status",
  "cut -d ' ' -f 19,40,41 /proc/self/stat",
  // The score itself is a share of the machine's memory, which is near a bound on some machines.
  "cat /proc/self/limits; [ $(cat /proc/self/oom_score_adj) -gt 0 ] && echo ends before process 1",
  "pwd; env | sort; for fd in 0 1 2 3 4 5 6 7 8 9; do [ -e /proc/$$/fd/$fd ] && readlink /proc/$$/fd/$fd; done",
  "[ $(cut -d ' ' -f 6 /proc/$$/stat) = $SESSION ] && echo the same session",
];

const STATES: readonly string[] = [
  "with-contenv /probe",
  "s6-setuidgid nobody /probe",
  "s6-setuidgid 12:34 /probe",
  "execlineb -Pc 'cd /tmp umask 027 redirfd -w 5 /tmp/file fdmove -c 6 5 export A b unexport CWD s6-softlimit -o 77 /probe'",
  "execlineb -Pc 'umask 077 foreground { /probe } cd /bin /probe'",
  "(trap '' PIPE; ulimit -n 99; exec <&-; s6-setuidgid nobody /probe)",
  "(cd /tmp; ulimit -c 0; umask 055; exec 7</dev/null 8<&7; nice -n 5 with-contenv /probe)",
];

Deno.test({
  name: "a program finds its process as it would without",
  ignore,
  fn: async () => {
    await using made = await root({ ...FILES, "probe": script(...PROBE) });
    const command = ["export SESSION=$(cut -d ' ' -f 6 /proc/$$/stat)", ...STATES, "exit 0"].join("\n");
    const probed = async (environment: Readonly<Record<string, string>>): Promise<string> =>
      (await printed(made, environment, command)).replaceAll(/pipe:\[\d+\]/g, "pipe")
        .replaceAll(/^S6_ANSWER_CALLS=0\n/gm, "");
    const without = await probed(OFF);
    match(without, /^Uid:\t65534/m);
    equal(await probed(ON), without);
  },
});

Deno.test({
  name: "a caller that process 1 cannot answer, or who is elsewhere, goes on by itself",
  ignore,
  fn: async () => {
    await using made = await root(FILES);
    const container = start(made, { environment: ON, argv: ["/init", "/bin/sh", "-c", "echo up; exec sleep 1000"] });
    await container.printed("up\n");
    const pid = await firstProcess(container);
    const said = async (...argv: string[]): Promise<string> => await output([...intoContainer(pid), ...argv]);
    Deno.kill(pid, "SIGSTOP");
    try {
      equal(await said("/command/s6-echo", "hi"), "hi\n");
    } finally {
      Deno.kill(pid, "SIGCONT");
    }
    equal(await said("/bin/unshare", "-p", "-f", "/command/s6-echo", "hi"), "hi\n");
    Deno.kill(pid, "SIGTERM");
    const { code, stderr } = await limited(container);
    equal(code, 0, stderr);
    ok(!stderr.includes("error"), stderr);
  },
});
