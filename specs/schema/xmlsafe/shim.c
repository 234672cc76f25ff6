#include "shim.h"
#include "records.h"
#include <libxml/globals.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>
#include <libxml/xmlschemastypes.h>
#include <stdlib.h>
#include <string.h>

#define XS_CUT 400
/* No option that opens anything is ever set: no NOENT, no DTD*, no HUGE, no
   XINCLUDE, no RECOVER. COMPACT is not set because nodes are unlinked. */
#define XS_OPTIONS (XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | \
                    XML_PARSE_NOCDATA | XML_PARSE_IGNORE_ENC | XML_PARSE_BIG_LINES)


static void quiet(void *ctx, const char *msg, ...) { (void)ctx; (void)msg; }

/* xs_start runs once, before anything else. The types must be set up here:
   libxml2 does it lazily and without a lock. Returns 0 when all is well. */
int xs_start(void) {
    xmlInitParser();
    xmlSetExternalEntityLoader(xs_only_offered);
    xmlThrDefSetGenericErrorFunc(NULL, quiet);
    xmlSetGenericErrorFunc(NULL, quiet);
    xmlSchemaInitTypes();
    return xs_threads_linked() ? 0 : 1;
}

static void keep_text(xs_run *r, const char *s, int32_t *at, int32_t *len) {
    int ok = 1;
    size_t n = s == NULL ? 0 : strnlen(s, XS_CUT);
    *at = n == 0 ? 0 : xs_keep(&r->text, &r->textLen, &r->textCap, s, n, &ok);
    *len = ok ? (int32_t)n : 0;
    if (!ok) r->oom = 1;
}

static void record(xs_run *r, const xmlError *e) {
    if (r->issueN >= r->issueMax) {
        r->overflow = 1;
        return;
    }
    if (!xs_grow((void **)&r->issues, r->issueN, &r->issueCap, 16, sizeof(xs_issue))) {
        r->oom = 1;
        return;
    }
    xs_issue *i = &r->issues[r->issueN++];
    memset(i, 0, sizeof *i);
    i->domain = e->domain;
    i->code = e->code;
    i->level = e->level;
    i->line = e->line;
    i->col = e->int2;
    i->number = e->int1;
    i->node = -1;
    /* Only schema errors carry a node of the body's tree. */
    if (e->domain == XML_FROM_SCHEMASV && e->node != NULL)
        i->node = (int32_t)(intptr_t)((xmlNodePtr)e->node)->_private - 1;
    i->part = xs_part_of(e->file);
    keep_text(r, e->message, &i->msg, &i->msgLen);
    keep_text(r, e->str1, &i->s1, &i->s1Len);
    keep_text(r, e->str2, &i->s2, &i->s2Len);
}

static void on_parse_error(void *ctx, xmlErrorPtr e) {
    xmlParserCtxtPtr ctxt = ctx;
    record(ctxt->_private, e);
    /* libxml2 reads on after an error, and what it reads then follows rules
       that the scan does not know. */
    if (e->level == XML_ERR_FATAL) xmlStopParser(ctxt);
}

static void on_schema_error(void *ctx, xmlErrorPtr e) { record(ctx, e); }

/* add keeps a record with the node that it is of. */
static int32_t add(xs_run *r, seen_names *seen, int32_t kind, int32_t parent, xmlNodePtr n, const xmlChar *name) {
    int32_t i = xs_add(r, seen, kind, parent, name);
    if (i < 0) return -1;
    if (!xs_grow((void **)&r->ptr, i, &r->ptrCap, 1, sizeof *r->ptr)) {
        r->oom = 1;
        return -1;
    }
    n->_private = (void *)(intptr_t)(i + 1);
    r->ptr[i] = n;
    return i;
}

/* take_value keeps the character data directly inside n. White space between
   child elements is layout and is dropped. */
static void take_value(xs_run *r, int32_t i, xmlNodePtr children, int layout) {
    int32_t from = r->poolLen, elements = 0;
    for (xmlNodePtr c = children; c != NULL; c = c->next) {
        if (c->type == XML_TEXT_NODE || c->type == XML_CDATA_SECTION_NODE) {
            if (c->content != NULL) xs_add_text(r, (const char *)c->content, strlen((const char *)c->content));
        }
        else if (c->type == XML_ELEMENT_NODE) elements = 1;
    }
    if (layout && elements && r->poolLen > from && xs_blank(r->pool + from, r->poolLen - from)) r->poolLen = from;
    r->nodes[i].value = from;
    r->nodes[i].valueLen = r->poolLen - from;
}

/* plain_name takes the prefix and the white space off a qualified name. */
static void plain_name(xs_run *r, xs_node *n) {
    while (n->valueLen > 0 && xs_blank(r->pool + n->value + n->valueLen - 1, 1)) n->valueLen--;
    for (int32_t i = n->valueLen; i > 0; i--) {
        char c = r->pool[n->value + i - 1];
        if (c == ':' || xs_blank(&c, 1)) {
            n->value += i;
            n->valueLen -= i;
            return;
        }
    }
}

static void pack(xs_run *r) {
    seen_names seen;
    memset(&seen, 0, sizeof seen);
    xmlNodePtr root = xmlDocGetRootElement(r->doc), n = root;
    xs_add_space(r, root != NULL && root->ns != NULL ? root->ns->href : NULL);
    while (n != NULL && !r->oom) {
        if (n->type == XML_ELEMENT_NODE) {
            int32_t parent = n == root ? -1 : (int32_t)(intptr_t)n->parent->_private - 1;
            int32_t i = add(r, &seen, XS_ELEMENT, parent, n, n->name);
            if (i < 0) return;
            r->nodes[i].line = n->line < 65535 ? n->line : (int32_t)xmlGetLineNo(n);
            if (n->ns != NULL) xs_name_space(r, &seen, i, n->ns->href);
            take_value(r, i, n->children, 1);
            for (xmlAttrPtr a = n->properties, next; a != NULL; a = next) {
                next = a->next;
                /* Where to find a schema is not the sender's to say. */
                const xmlChar *instance = NULL;
                if (a->ns != NULL && xmlStrEqual(a->ns->href, BAD_CAST "http://www.w3.org/2001/XMLSchema-instance")) {
                    if (xmlStrstr(a->name, BAD_CAST "chemaLocation") != NULL) xmlRemoveProp(a);
                    else instance = xmlStrEqual(a->name, BAD_CAST "type") ? BAD_CAST "xsi:type" : xmlStrEqual(a->name, BAD_CAST "nil") ? BAD_CAST "xsi:nil" : NULL;
                    if (instance == NULL) continue;
                }
                int32_t j = add(r, &seen, XS_ATTRIBUTE, i, (xmlNodePtr)a, instance != NULL ? instance : a->name);
                if (j < 0) return;
                r->nodes[j].line = r->nodes[i].line;
                if (a->ns != NULL && instance == NULL) xs_name_space(r, &seen, j, a->ns->href);
                take_value(r, j, a->children, 0);
                if (instance != NULL) plain_name(r, &r->nodes[j]);
            }
            if (n->children != NULL) {
                n = n->children;
                continue;
            }
        }
        while (n != root && n->next == NULL) n = n->parent;
        if (n == root) return;
        n = n->next;
    }
}

static void validate(xs_run *r) {
    xmlSchemaValidCtxtPtr v = xmlSchemaNewValidCtxt(r->schema);
    if (v == NULL) {
        r->rc = -1;
        return;
    }
    xmlSchemaSetValidStructuredErrors(v, on_schema_error, r);
    r->rc = xmlSchemaValidateDoc(v, r->doc);
    xmlSchemaFreeValidCtxt(v);
}

static void drop_doc(xs_run *r) {
    for (int32_t i = 0; i < r->trashN; i++) xmlFreeNode(r->trash[i]);
    r->trashN = 0;
    if (r->doc != NULL) xmlFreeDoc(r->doc);
    r->doc = NULL;
}

xs_run *xs_check(xmlSchemaPtr schema, const char *body, int len, int issueMax, int quick, int spaces) {
    xs_run *r = calloc(1, sizeof *r);
    if (r == NULL) return NULL;
    r->issueMax = issueMax;
    r->schema = schema;
    r->spaces = spaces;
    /* Room for what an order-like body usually needs. */
    xs_grow((void **)&r->pool, 0, &r->poolCap, len / 2 + 64, 1);
    xs_grow((void **)&r->nodes, 0, &r->cap, len / 32 + 16, sizeof *r->nodes);
    if (quick && schema != NULL && xs_stream(r, body, len, XS_OPTIONS)) {
        r->parsed = 1;
        return r;
    }
    r->n = r->poolLen = 0;
    if (r->oom) return r;
    xmlParserCtxtPtr ctxt = xmlNewParserCtxt();
    if (ctxt == NULL || ctxt->sax == NULL) {
        r->oom = 1;
        if (ctxt != NULL) xmlFreeParserCtxt(ctxt);
        return r;
    }
    ctxt->_private = r;
    ctxt->sax->serror = on_parse_error;
    r->doc = xmlCtxtReadMemory(ctxt, body, len, NULL, "UTF-8", XS_OPTIONS);
    r->parsed = r->doc != NULL && ctxt->wellFormed && ctxt->nsWellFormed && !ctxt->disableSAX;
    xmlFreeParserCtxt(ctxt);
    if (r->doc != NULL && (r->doc->intSubset != NULL || r->doc->extSubset != NULL)) r->dtd = 1;
    if (!r->parsed || r->dtd) {
        drop_doc(r);
        return r;
    }
    pack(r);
    if (!r->oom && schema != NULL) validate(r);
    if (r->oom || schema == NULL || r->rc == 0) drop_doc(r);
    return r;
}

static int discard(xs_run *r, xmlNodePtr n) {
    if (!xs_grow((void **)&r->trash, r->trashN, &r->trashCap, 16, sizeof *r->trash)) {
        r->oom = 1;
        return 0;
    }
    xmlUnlinkNode(n);
    r->trash[r->trashN++] = n;
    return 1;
}

/* placeholder makes an empty element of a name that is written {namespace}local. */
static xmlNodePtr placeholder(xs_run *r, xmlNodePtr parent, const char *name) {
    const char *end = name[0] == '{' ? strrchr(name, '}') : NULL;
    if (end == NULL) return xmlNewDocNode(r->doc, NULL, BAD_CAST name, NULL);
    xmlNodePtr c = xmlNewDocNode(r->doc, NULL, BAD_CAST end + 1, NULL);
    if (c == NULL || end == name + 1) return c;
    xmlChar *space = xmlStrndup(BAD_CAST name + 1, (int)(end - name - 1));
    if (space != NULL) {
        c->ns = xmlSearchNsByHref(r->doc, parent, space);
        if (c->ns == NULL) c->ns = xmlNewNs(c, space, NULL);
        xmlFree(space);
    }
    return c;
}

/* arrange gives an element the listed children and takes out everything else:
   a number >= 0 is a record, a negative one the placeholder -number-1. */
static void arrange(xs_run *r, int32_t parent, const int32_t *kids, int32_t n, const char **names, int32_t nameN) {
    if (parent < 0 || parent >= r->n || r->nodes[parent].kind != XS_ELEMENT) return;
    xmlNodePtr p = r->ptr[parent];
    int32_t kept = r->trashN; /* what was here before stays */
    for (xmlNodePtr c = p->children, next; c != NULL; c = next) {
        next = c->next;
        if (!discard(r, c)) return;
    }
    for (int32_t i = 0; i < n; i++) {
        xmlNodePtr c = NULL;
        if (kids[i] >= 0 && kids[i] < r->n && r->nodes[kids[i]].parent == parent) {
            /* Take it back out of the trash: it is there since the loop above. */
            c = r->ptr[kids[i]];
            if (c->parent != NULL) continue; /* listed twice */
        } else if (kids[i] < 0 && -kids[i] - 1 < nameN) {
            c = placeholder(r, p, names[-kids[i] - 1]);
            if (c == NULL) {
                r->oom = 1;
                return;
            }
        }
        if (c != NULL) xmlAddChild(p, c);
    }
    /* What has a parent again must not be freed twice. */
    for (int32_t i = kept; i < r->trashN; i++)
        if (r->trash[i]->parent == NULL) r->trash[kept++] = r->trash[i];
    r->trashN = kept;
}

/* xs_again carries out a plan and validates again. The plan is a list of
   parent, number of children, children…; names holds the placeholders' names,
   each ended by a zero byte. */
void xs_again(xs_run *r, const int32_t *plan, int planLen, const char *names, int namesLen) {
    r->issueN = 0;
    r->textLen = 0;
    r->overflow = 0;
    if (r->doc == NULL || r->oom) return;
    int32_t nameN = 0, nameCap = 0;
    const char **list = NULL;
    for (int i = 0; i < namesLen; i += (int)strlen(names + i) + 1) {
        if (!xs_grow((void **)&list, nameN, &nameCap, 16, sizeof *list)) {
            r->oom = 1;
            break;
        }
        list[nameN++] = names + i;
    }
    for (int i = 0; i + 1 < planLen && !r->oom; i += 2 + plan[i + 1]) {
        if (plan[i + 1] < 0 || plan[i + 1] > planLen - i - 2) break;
        arrange(r, plan[i], plan + i + 2, plan[i + 1], list, nameN);
    }
    free(list);
    if (!r->oom) validate(r);
}

void xs_free(xs_run *r) {
    if (r == NULL) return;
    drop_doc(r);
    free(r->nodes);
    free(r->ptr);
    free(r->pool);
    free(r->issues);
    free(r->text);
    free(r->trash);
    free(r);
}

/* xs_collect sends every error of this thread into a new run until
   xs_stop_collecting: the library compiles a schema without telling what is
   wrong with it. The caller must stay on its thread. */
xs_run *xs_collect(void) {
    xs_run *r = calloc(1, sizeof *r);
    if (r == NULL) return NULL;
    r->issueMax = 100;
    xmlSetStructuredErrorFunc(r, on_schema_error);
    return r;
}

void xs_stop_collecting(void) { xmlSetStructuredErrorFunc(NULL, NULL); }

/* xs_plain is the shortest loop that C can do: the yardstick of the benchmark. */
int xs_plain(xmlSchemaPtr schema, const char *body, int len, int times) {
    int bad = 0;
    for (int i = 0; i < times; i++) {
        xmlDocPtr doc = xmlReadMemory(body, len, NULL, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
        xmlSchemaValidCtxtPtr v = xmlSchemaNewValidCtxt(schema);
        if (doc == NULL || v == NULL || xmlSchemaValidateDoc(v, doc) != 0) bad++;
        if (v != NULL) xmlSchemaFreeValidCtxt(v);
        if (doc != NULL) xmlFreeDoc(doc);
    }
    return bad;
}
