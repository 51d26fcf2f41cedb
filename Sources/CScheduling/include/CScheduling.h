#pragma once

// How threads share the cores. For turns glibc of Debian 12 has no function, and `syscall` takes its arguments in a way that
// Swift cannot call.

/// Asks for turns of so many microseconds (100 to 100,000) for the calling thread and those that it starts from now on. A
/// scheduler by deadlines (Linux 6.12) lets threads of short turns go first as soon as they wake, and lets others in sooner
/// where they keep a core busy. Elsewhere nothing changes.
void scheduling_take_turns(unsigned microseconds);

/// Gives the calling thread, and those that it starts from now on, the niceness of the program's first thread and so much
/// more: 0 to 19, and 19 at most in all. Dispatch gives its threads one by their quality of service, whatever the person who
/// started the program by `nice` wanted.
void scheduling_be_nice(int more);
