#!/bin/sh
# Stands in for Prisma's schema engine, which its command line would otherwise download before every command. `prisma generate` needs the
# file to exist but never runs it. It fails on purpose: a stand-in that succeeds lets `prisma migrate deploy` report success having done nothing.
echo 'The Prisma schema engine is not used here: migrations are applied by src/store/migrate.' >&2
exit 1
