// A process that runs the same way each time: its threads take turns (turns.c), and what it asks of the machine, of time and
// of chance has the same answer each time (told.c).

#define _GNU_SOURCE
#include <sys/ptrace.h>
#include <sys/types.h>
#include <sys/user.h>

typedef unsigned long uword;
typedef unsigned int half;

struct thread {
  pid_t id;
  half number;       // what it is told its id is: threads have the same ones each time
  int is_in_call;    // between the entry and the exit of a system call
  int may_wait;      // for another thread, in that call
  int is_waiting;
  int yields;        // after that call
  int signal;        // to be delivered when it goes on
  int has_stopped;   // it has, with this status, and has not been seen to yet
  int status;
  int is_answered;   // without the kernel
  long answer;
  struct user_regs_struct asked;  // the registers at the entry
};

// The first thread's number; those that come later count on.
#define FIRST_NUMBER 0x2a51e600U

// Runs it until its first thread stops for that reason (what waitpid(2) tells, without the lowest byte), and the others have
// nothing to do.
void run_in_turns(pid_t process, int until);
// 0 if there is none.
pid_t thread_of_number(half number);
half number_of_thread(pid_t id);

void tell_at_start(struct thread *thread);
void call_begins(struct thread *thread);
void call_ends(struct thread *thread);
int is_counter_read(struct thread *thread);
void name_thread(struct thread *parent, struct thread *thread);
_Noreturn void fail(const char *what);
