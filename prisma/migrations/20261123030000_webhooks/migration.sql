-- Receivers that are told of what is published, what they sign with, and what is sent to them.
CREATE TABLE "webhook" (
    "name" dns_label NOT NULL,
    "url" TEXT NOT NULL CHECK ("url" ~ '^https?://'),
    "everywhere" BOOLEAN NOT NULL,
    "enabled" BOOLEAN NOT NULL,
    "signature" TEXT NOT NULL CHECK ("signature" IN ('hmac', 'ed25519')),
    "resume_at" TIMESTAMPTZ(3),
    "display_name" TEXT,
    "description" TEXT,
    "labels" JSONB,
    "links" JSONB,
    "revision" BIGINT NOT NULL,
    CONSTRAINT "webhook_pkey" PRIMARY KEY ("name")
);

CREATE TABLE "webhook_environment" (
    "webhook" dns_label NOT NULL,
    "environment" dns_label NOT NULL,
    CONSTRAINT "webhook_environment_pkey" PRIMARY KEY ("webhook", "environment"),
    CONSTRAINT "webhook_environment_webhook_fkey" FOREIGN KEY ("webhook") REFERENCES "webhook"("name") ON DELETE CASCADE ON UPDATE RESTRICT,
    CONSTRAINT "webhook_environment_environment_fkey" FOREIGN KEY ("environment") REFERENCES "environment"("name") ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE INDEX "webhook_environment_environment_idx" ON "webhook_environment"("environment");

CREATE TABLE "webhook_key" (
    "webhook" dns_label NOT NULL,
    "id" TEXT NOT NULL,
    -- As it is, or sealed with the key of this name.
    "secret" BYTEA NOT NULL,
    "sealed_with" TEXT,
    "public_key" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "created_by" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    CONSTRAINT "webhook_key_pkey" PRIMARY KEY ("webhook", "id"),
    CONSTRAINT "webhook_key_webhook_fkey" FOREIGN KEY ("webhook") REFERENCES "webhook"("name") ON DELETE CASCADE ON UPDATE RESTRICT
);
-- One key has no end: the one that signs from now on.
CREATE UNIQUE INDEX "webhook_key_current_key" ON "webhook_key"("webhook") WHERE "expires_at" IS NULL;

CREATE TABLE "webhook_delivery" (
    "number" BIGSERIAL NOT NULL,
    "id" TEXT NOT NULL CHECK ("id" ~ '^msg_[0-9a-f]{32}$'),
    "webhook" dns_label NOT NULL,
    "type" TEXT NOT NULL,
    "body" TEXT NOT NULL CHECK (octet_length("body") <= 20480),
    "state" TEXT NOT NULL CHECK ("state" IN ('pending', 'delivered', 'failed')),
    "tries" INTEGER NOT NULL DEFAULT 0 CHECK ("tries" >= 0),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "due_at" TIMESTAMPTZ(3),
    "lease" UUID,
    "settled_at" TIMESTAMPTZ(3),
    CONSTRAINT "webhook_delivery_pkey" PRIMARY KEY ("number"),
    CHECK (("state" = 'pending') = ("due_at" IS NOT NULL) AND ("state" = 'pending') = ("settled_at" IS NULL)),
    CHECK ("state" = 'pending' OR "lease" IS NULL),
    CONSTRAINT "webhook_delivery_webhook_fkey" FOREIGN KEY ("webhook") REFERENCES "webhook"("name") ON DELETE CASCADE ON UPDATE RESTRICT
);
CREATE UNIQUE INDEX "webhook_delivery_id_key" ON "webhook_delivery"("id");
CREATE INDEX "webhook_delivery_webhook_number_idx" ON "webhook_delivery"("webhook", "number");
CREATE INDEX "webhook_delivery_created_at_idx" ON "webhook_delivery"("created_at");
-- What is still to be sent: few of many.
CREATE INDEX "webhook_delivery_due_idx" ON "webhook_delivery"("webhook", "due_at", "number") WHERE "due_at" IS NOT NULL;

CREATE TABLE "webhook_attempt" (
    "delivery" BIGINT NOT NULL,
    "number" INTEGER NOT NULL CHECK ("number" >= 1),
    "at" TIMESTAMPTZ(3) NOT NULL,
    "duration_ms" INTEGER NOT NULL CHECK ("duration_ms" >= 0),
    "status" INTEGER,
    "error" TEXT,
    CONSTRAINT "webhook_attempt_pkey" PRIMARY KEY ("delivery", "number"),
    CHECK (("status" IS NULL) <> ("error" IS NULL)),
    CONSTRAINT "webhook_attempt_delivery_fkey" FOREIGN KEY ("delivery") REFERENCES "webhook_delivery"("number") ON DELETE CASCADE ON UPDATE RESTRICT
);
