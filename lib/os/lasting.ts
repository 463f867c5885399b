// What a process needs that is to last as long as the container: to print without waiting, and to know its own size.

import { openOutlet } from "./outlet.ts";
import { openMemory } from "./own_memory.ts";
import type { Lasting } from "./parts.ts";

export const lasting: Lasting = { openOutlet: (fd) => openOutlet(fd), openMemory };
