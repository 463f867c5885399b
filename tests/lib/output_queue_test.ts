import { deepEqual } from "node:assert/strict";
import { OutputQueue, type Unsent } from "../../lib/output_queue.ts";

/** Three words to be written to a descriptor with room for some of them, and what was waited for. */
class Scene implements Unsent {
  fd: number | undefined = 1;
  room = 0;
  watchable = true;
  readonly did: string[] = [];
  private readonly words = ["a", "b", "c"];
  private watching: (() => void) | undefined;
  private timer: (() => void) | undefined;
  readonly queue = new OutputQueue({
    watch: (fd, direction, callback) => {
      if (!this.watchable) throw new Error("no such descriptor");
      this.did.push(`watch ${fd} ${direction}`);
      this.watching = callback;
      return () => {
        this.did.push("unwatch");
        this.watching = undefined;
      };
    },
    after: (milliseconds, callback) => {
      this.did.push(`rest ${milliseconds}`);
      this.timer = callback;
      return () => this.timer = undefined;
    },
  }, this);

  get isEmpty(): boolean {
    return this.words.length === 0;
  }

  send(): boolean {
    if (this.room === 0) return false;
    this.room--;
    this.did.push(this.words.shift()!);
    return true;
  }

  sent(): void {
    this.did.push("sent");
  }

  writable(room: number): void {
    this.room = room;
    this.watching?.();
  }

  rested(room: number): void {
    this.room = room;
    this.timer?.();
  }
}

function played(play: (scene: Scene) => void): string {
  const scene = new Scene();
  play(scene);
  return scene.did.join(", ");
}

Deno.test("what there is room for is written at once, and nothing is waited for", () => {
  deepEqual(
    played((scene) => {
      scene.room = 3;
      scene.queue.added();
    }),
    "a, b, c, sent",
  );
});

Deno.test("the rest is written as there is room, under one watch", () => {
  deepEqual(
    played((scene) => {
      scene.queue.added();
      scene.queue.added();
      scene.writable(1);
      scene.writable(2);
    }),
    "watch 1 write, a, b, c, unwatch, sent",
  );
});

Deno.test("where the system says that there is room and nothing is taken, time passes between two tries", () => {
  deepEqual(
    played((scene) => {
      scene.queue.added();
      scene.writable(0);
      scene.rested(1);
      scene.writable(2);
    }),
    "watch 1 write, unwatch, rest 20, a, watch 1 write, b, c, unwatch, sent",
  );
});

Deno.test("a descriptor that cannot be watched is tried again and again", () => {
  deepEqual(
    played((scene) => {
      scene.watchable = false;
      scene.queue.added();
      scene.rested(0);
      scene.rested(3);
    }),
    "rest 20, rest 20, a, b, c, sent",
  );
});

Deno.test("without a descriptor all waits, and goes to the one that comes", () => {
  deepEqual(
    played((scene) => {
      scene.fd = undefined;
      scene.room = 3;
      scene.queue.added();
      scene.fd = 2;
      scene.queue.begin();
    }),
    "a, b, c, sent",
  );
  deepEqual(
    played((scene) => {
      scene.queue.added();
      scene.fd = 2;
      scene.queue.begin();
      scene.queue.stop();
      scene.writable(3);
    }),
    "watch 1 write, unwatch, watch 2 write, unwatch",
  );
});
