/* libxml2 refers to the thread functions weakly and runs without any lock when
   they are not there. A static link leaves them out, because nothing asks for
   them: errors of one request then turn up in another, and memory is freed
   twice. These strong references ask for them. */
#include "shim.h"
#include <pthread.h>

static void *const wanted[] = {
    pthread_once,         pthread_self,          pthread_equal,
    pthread_key_create,   pthread_key_delete,    pthread_getspecific,
    pthread_setspecific,  pthread_mutex_init,    pthread_mutex_destroy,
    pthread_mutex_lock,   pthread_mutex_unlock,  pthread_cond_init,
    pthread_cond_destroy, pthread_cond_wait,     pthread_cond_signal,
};

int xs_threads_linked(void) {
    for (unsigned i = 0; i < sizeof wanted / sizeof *wanted; i++)
        if (wanted[i] == NULL) return 0;
    return 1;
}
