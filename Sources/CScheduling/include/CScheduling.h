#pragma once

// How long a thread keeps a core when others want it: glibc of Debian 12 has no function for it, and `syscall` takes its
// arguments in a way that Swift cannot call.

/// Asks for turns of so many microseconds (100 to 100,000) for the calling thread and those that it starts from now on. A
/// scheduler by deadlines (Linux 6.12) lets threads of short turns go first as soon as they wake, and lets others in sooner
/// where they keep a core busy. Elsewhere nothing changes.
void scheduling_take_turns(unsigned microseconds);
