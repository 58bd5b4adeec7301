# The bot as one static program, with the program that reads pictures beside it.
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /aldanba ./cmd/aldanba

FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates tesseract-ocr tesseract-ocr-kaz tesseract-ocr-rus \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin aldanba \
 && install -d -o aldanba -g aldanba -m 0700 /data
COPY --from=build /aldanba /usr/local/bin/aldanba
# A number, by which a cluster sees that it is not root.
USER 10001:10001
ENV ALDANBA_DATA=/data LISTEN_ADDR=0.0.0.0:8080 LOG_FORMAT=json
VOLUME /data
EXPOSE 8080
# SIGTERM drains: what is in work is answered before the program ends.
STOPSIGNAL SIGTERM
ENTRYPOINT ["aldanba"]
CMD ["serve"]
