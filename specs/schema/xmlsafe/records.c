#include "records.h"
#include <stdlib.h>
#include <string.h>

/* xs_grow makes room for one more item of the given size; 0 when there is none. */
int xs_grow(void **p, int32_t n, int32_t *cap, int32_t more, size_t size) {
    if (n + more <= *cap) return 1;
    int64_t want = (int64_t)*cap * 2;
    if (want < (int64_t)n + more) want = (int64_t)n + more;
    if (want > INT32_MAX) return 0;
    void *q = realloc(*p, (size_t)want * size);
    if (q == NULL) return 0;
    *p = q;
    *cap = (int32_t)want;
    return 1;
}

int32_t xs_keep(char **pool, int32_t *len, int32_t *cap, const char *s, size_t n, int *ok) {
    if (n > INT32_MAX / 2 || !xs_grow((void **)pool, *len, cap, (int32_t)n + 1, 1)) {
        *ok = 0;
        return 0;
    }
    int32_t at = *len;
    memcpy(*pool + at, s, n);
    *len += (int32_t)n;
    return at;
}

/* keep_name gives the place in the table of a name that lives as long as the run. */
static unsigned keep_name(xs_run *r, seen_names *seen, const xmlChar *name) {
    unsigned slot = (unsigned)(((uintptr_t)name >> 3) % XS_SEEN);
    if (seen->name[slot] != name) {
        int ok = 1;
        seen->name[slot] = name;
        seen->len[slot] = xmlStrlen(name);
        seen->at[slot] = xs_keep(&r->pool, &r->poolLen, &r->poolCap, (const char *)name, (size_t)seen->len[slot], &ok);
        if (!ok) r->oom = 1;
    }
    return slot;
}

int32_t xs_add(xs_run *r, seen_names *seen, int32_t kind, int32_t parent, const xmlChar *name) {
    if (!xs_grow((void **)&r->nodes, r->n, &r->cap, 1, sizeof *r->nodes)) {
        r->oom = 1;
        return -1;
    }
    int32_t i = r->n++;
    xs_node *x = &r->nodes[i];
    memset(x, 0, sizeof *x);
    x->kind = kind;
    x->parent = parent;
    unsigned slot = keep_name(r, seen, name);
    x->name = seen->at[slot];
    x->nameLen = seen->len[slot];
    return i;
}

void xs_name_space(xs_run *r, seen_names *seen, int32_t i, const xmlChar *uri) {
    if (!r->spaces || uri == NULL) return;
    unsigned slot = keep_name(r, seen, uri);
    r->nodes[i].space = seen->at[slot];
    r->nodes[i].spaceLen = seen->len[slot];
}

void xs_add_space(xs_run *r, const xmlChar *uri) {
    int ok = 1;
    r->spaceLen = uri == NULL ? 0 : xmlStrlen(uri);
    if (r->spaceLen > 0) r->space = xs_keep(&r->pool, &r->poolLen, &r->poolCap, (const char *)uri, (size_t)r->spaceLen, &ok);
    if (!ok) r->oom = 1;
}

void xs_add_text(xs_run *r, const char *s, size_t n) {
    int ok = 1;
    if (n > 0) xs_keep(&r->pool, &r->poolLen, &r->poolCap, s, n, &ok);
    if (!ok) r->oom = 1;
}

int xs_blank(const char *s, int32_t n) {
    for (; n > 0; n--, s++)
        if (*s != ' ' && *s != '\t' && *s != '\n' && *s != '\r') return 0;
    return 1;
}
