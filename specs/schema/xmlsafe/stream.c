/* The short way for what is nearly always the case: a valid body. The parser's
   events go to the validator and into the records at once, and no document is
   built, which takes a third off the time. As soon as something is not plain (a
   fault, an attribute of the xsi namespace, text between elements), the records
   are thrown away and the long way of shim.c begins anew: what is wrong with a
   body is found and told there alone. */
#include "shim.h"
#include "records.h"
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>
#include <string.h>

/* Deeper than the scan lets a body be. */
#define XS_DEPTH 260

typedef struct {
    xs_run *r;
    xmlParserCtxtPtr ctxt;
    seen_names seen;
    int32_t open[XS_DEPTH]; /* records of the open elements */
    int32_t depth;
    int32_t from; /* where the text since the last tag begins in the pool */
    int giveUp;
} stream;

static void give_up(stream *s) {
    s->giveUp = 1;
    xmlStopParser(s->ctxt);
}

static void on_invalid(void *ctx, xmlErrorPtr e) {
    if (e->level >= XML_ERR_ERROR) give_up(ctx);
}

static void on_malformed(void *ctx, xmlErrorPtr e) {
    (void)ctx;
    if (e->level >= XML_ERR_ERROR) give_up(((xmlParserCtxtPtr)e->ctxt)->_private);
}

/* layout drops the text since the last tag, which must be white space. */
static void layout(stream *s) {
    if (!xs_blank(s->r->pool + s->from, s->r->poolLen - s->from)) give_up(s);
    s->r->poolLen = s->from;
}

static void on_start(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int namespaces,
                     const xmlChar **namespace, int attributes, int defaulted, const xmlChar **a) {
    stream *s = ctx;
    xs_run *r = s->r;
    (void)prefix; (void)namespaces; (void)namespace; (void)defaulted;
    if (s->giveUp) return;
    layout(s);
    int32_t parent = s->depth == 0 ? -1 : s->open[s->depth - 1];
    if (parent < 0) xs_add_space(r, uri);
    if (parent >= 0) r->nodes[parent].valueLen = -1; /* it has elements: its text is layout */
    int32_t i = xs_add(r, &s->seen, XS_ELEMENT, parent, name);
    if (i < 0 || s->depth == XS_DEPTH) {
        give_up(s);
        return;
    }
    s->open[s->depth++] = i;
    r->nodes[i].line = s->ctxt->input->line;
    xs_name_space(r, &s->seen, i, uri);
    for (int k = 0; k < attributes; k++, a += 5) {
        size_t length = (size_t)(a[4] - a[3]);
        /* An ampersand in a value comes half decoded. */
        if ((a[2] != NULL && xmlStrEqual(a[2], BAD_CAST "http://www.w3.org/2001/XMLSchema-instance")) ||
            memchr(a[3], '&', length) != NULL) {
            give_up(s);
            return;
        }
        int32_t j = xs_add(r, &s->seen, XS_ATTRIBUTE, i, a[0]);
        if (j < 0) {
            give_up(s);
            return;
        }
        r->nodes[j].line = r->nodes[i].line;
        xs_name_space(r, &s->seen, j, a[2]);
        r->nodes[j].value = r->poolLen;
        r->nodes[j].valueLen = (int32_t)length;
        xs_add_text(r, (const char *)a[3], length);
    }
    s->from = r->poolLen;
}

static void on_end(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri) {
    stream *s = ctx;
    (void)name; (void)prefix; (void)uri;
    if (s->giveUp || s->depth == 0) return;
    xs_node *n = &s->r->nodes[s->open[--s->depth]];
    if (n->valueLen < 0) {
        layout(s);
        n->valueLen = 0;
        return;
    }
    n->value = s->from;
    n->valueLen = s->r->poolLen - s->from;
    s->from = s->r->poolLen;
}

static void on_text(void *ctx, const xmlChar *text, int length) {
    stream *s = ctx;
    if (!s->giveUp) xs_add_text(s->r, (const char *)text, (size_t)length);
}

/* A reference that is none of the five of XML itself. */
static void on_reference(void *ctx, const xmlChar *name) {
    (void)name;
    give_up(ctx);
}

static void on_subset(void *ctx, const xmlChar *name, const xmlChar *id, const xmlChar *system) {
    (void)name; (void)id; (void)system;
    give_up(ctx);
}

/* xs_stream reads and validates a body in one go. It returns 1 if the body is
   valid and its records are complete, 0 if the long way must be gone. */
int xs_stream(xs_run *r, const char *body, int len, int options) {
    xmlSAXHandler sax;
    memset(&sax, 0, sizeof sax);
    sax.initialized = XML_SAX2_MAGIC;
    sax.startElementNs = on_start;
    sax.endElementNs = on_end;
    sax.characters = on_text;
    sax.ignorableWhitespace = on_text;
    sax.cdataBlock = on_text;
    sax.reference = on_reference;
    sax.internalSubset = on_subset;
    sax.externalSubset = on_subset;

    stream s;
    memset(&s, 0, sizeof s);
    s.r = r;
    s.ctxt = xmlCreateMemoryParserCtxt(body, len);
    xmlSchemaValidCtxtPtr v = xmlSchemaNewValidCtxt(r->schema);
    int valid = 0;
    if (s.ctxt != NULL && v != NULL) {
        xmlSAXHandlerPtr own = s.ctxt->sax;
        xmlCtxtUseOptions(s.ctxt, options);
        xmlSwitchEncoding(s.ctxt, XML_CHAR_ENCODING_UTF8);
        s.ctxt->sax = &sax;
        s.ctxt->userData = &s;
        xmlSchemaSetValidStructuredErrors(v, on_invalid, &s);
        xmlSchemaSAXPlugPtr plug = xmlSchemaSAXPlug(v, &s.ctxt->sax, &s.ctxt->userData);
        if (plug != NULL) {
            /* The handler is the plug's own now. As on the long way, nothing is read behind a fault. */
            s.ctxt->_private = &s;
            s.ctxt->sax->serror = on_malformed;
            xmlParseDocument(s.ctxt);
            valid = !s.giveUp && !r->oom && s.ctxt->wellFormed && s.ctxt->nsWellFormed && !s.ctxt->disableSAX &&
                    s.depth == 0 && r->n > 0 && xmlSchemaIsValid(v) == 1;
            xmlSchemaSAXUnplug(plug);
        }
        s.ctxt->sax = own;
        s.ctxt->userData = s.ctxt;
    }
    if (v != NULL) xmlSchemaFreeValidCtxt(v);
    if (s.ctxt != NULL) {
        if (s.ctxt->myDoc != NULL) xmlFreeDoc(s.ctxt->myDoc);
        s.ctxt->myDoc = NULL;
        xmlFreeParserCtxt(s.ctxt);
    }
    return valid;
}
