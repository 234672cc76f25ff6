/* How the records of a run are filled; for the two ways of reading a body. */
#ifndef XMLSAFE_RECORDS_H
#define XMLSAFE_RECORDS_H
#include "shim.h"

/* Names come from the parser's dictionary, so the same name has the same
   address: a small table keeps most of them from being copied twice. */
#define XS_SEEN 256
typedef struct {
    const xmlChar *name[XS_SEEN];
    int32_t at[XS_SEEN], len[XS_SEEN];
} seen_names;

int xs_grow(void **p, int32_t n, int32_t *cap, int32_t more, size_t size);
int32_t xs_keep(char **pool, int32_t *len, int32_t *cap, const char *s, size_t n, int *ok);
/* xs_add gives the index of the new record, -1 when there is no memory. */
int32_t xs_add(xs_run *r, seen_names *seen, int32_t kind, int32_t parent, const xmlChar *name);
/* xs_name_space gives a record its namespace, where they are asked for. */
void xs_name_space(xs_run *r, seen_names *seen, int32_t i, const xmlChar *uri);
void xs_add_space(xs_run *r, const xmlChar *uri);
void xs_add_text(xs_run *r, const char *s, size_t n);
int xs_blank(const char *s, int32_t n);

int xs_stream(xs_run *r, const char *body, int len, int options);
#endif
