# The same targets that the README names: make build makes the binary, the image only carries it.
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=container
RUN make build VERSION=${VERSION}

FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends libxml2 ca-certificates \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /work roadworthy \
 && mkdir /work && chown roadworthy /work
COPY --from=build /src/bin/roadworthy /usr/local/bin/roadworthy
COPY --from=build /src/LICENSE /usr/share/doc/roadworthy/LICENSE
USER 10001
WORKDIR /work
ENV ROADWORTHY_LISTEN=0.0.0.0:8080
EXPOSE 8080
ENTRYPOINT ["roadworthy"]
CMD ["mock"]
