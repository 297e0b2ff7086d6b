#define _GNU_SOURCE
#include "Ending.h"
#include <errno.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const int crashes[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS};
static const int stops[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT};

static struct sigaction earlier[65];
static sem_t begun;
static atomic_int event;    /* 0: nothing yet */
static atomic_int is_done;
static int64_t patience;
static pid_t watched;

static void wait_until_done(void) {
    struct timespec pause = {0, 2000000};
    for (int64_t waited = 0; waited < patience && !atomic_load(&is_done); waited += 2) nanosleep(&pause, NULL);
}

/* The first who comes tells; later ones only wait. */
static void tell(int what) {
    int none = 0;
    if (atomic_compare_exchange_strong(&event, &none, what)) sem_post(&begun);
    wait_until_done();
}

static void handle(int signal) {
    int saved = errno;
    /* A child that was forked and has not executed yet shares nothing but the handler. */
    if (getpid() == watched) tell(signal);
    sigaction(signal, &earlier[signal], NULL);
    errno = saved;
    /* Pending until the handler returns: then it does what it would have done without us. */
    raise(signal);
}

static void leave(int status, void *unused) {
    (void)unused;
    if (getpid() == watched) tell(-1 - (status & 0xff));
}

static int install(int signal) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = handle;
    action.sa_flags = SA_ONSTACK;
    sigfillset(&action.sa_mask);
    return sigaction(signal, &action, NULL);
}

int ending_watch(int64_t patience_ms) {
    patience = patience_ms;
    watched = getpid();
    if (sem_init(&begun, 0, 0)) return errno;
    for (size_t i = 0; i < sizeof crashes / sizeof *crashes; i++) {
        if (sigaction(crashes[i], NULL, &earlier[crashes[i]])) return errno;
        if (install(crashes[i])) return errno;
    }
    for (size_t i = 0; i < sizeof stops / sizeof *stops; i++) {
        if (sigaction(stops[i], NULL, &earlier[stops[i]])) return errno;
        if (earlier[stops[i]].sa_handler == SIG_DFL && install(stops[i])) return errno;
    }
    return on_exit(leave, NULL) ? ENOMEM : 0;
}

int ending_wait(void) {
    while (sem_wait(&begun)) {}
    return atomic_load(&event);
}

void ending_done(void) { atomic_store(&is_done, 1); }
