-- The model, what is published from it, what clusters report of it, tokens and idempotency keys.
-- Names are keys. References restrict: what others refer to cannot go away.

CREATE DOMAIN dns_label AS TEXT CHECK (VALUE ~ '^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$');
CREATE DOMAIN protocol AS TEXT CHECK (VALUE IN ('TCP', 'UDP', 'SCTP'));
CREATE DOMAIN port_number AS INTEGER CHECK (VALUE BETWEEN 1 AND 65535);
CREATE DOMAIN digest AS TEXT CHECK (VALUE ~ '^sha256:[0-9a-f]{64}$');

CREATE TABLE "model_state" (
    "id" INTEGER NOT NULL DEFAULT 1 CHECK ("id" = 1),
    "revision" BIGINT NOT NULL DEFAULT 0,
    CONSTRAINT "model_state_pkey" PRIMARY KEY ("id")
);
INSERT INTO "model_state" DEFAULT VALUES;

CREATE TABLE "change" (
    "revision" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor" TEXT NOT NULL,
    "reason" TEXT,
    "resource" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "action" TEXT NOT NULL CHECK ("action" IN ('create', 'update', 'delete')),
    "before" JSONB,
    "after" JSONB,
    CONSTRAINT "change_pkey" PRIMARY KEY ("revision"),
    CHECK (("before" IS NULL) = ("action" = 'create') AND ("after" IS NULL) = ("action" = 'delete'))
);
CREATE INDEX "change_resource_name_idx" ON "change"("resource", "name");
CREATE INDEX "change_actor_idx" ON "change"("actor");

CREATE TABLE "team" (
    "name" dns_label NOT NULL,
    "display_name" TEXT,
    "description" TEXT,
    "labels" JSONB,
    "links" JSONB,
    "revision" BIGINT NOT NULL,
    CONSTRAINT "team_pkey" PRIMARY KEY ("name")
);

CREATE TABLE "application" (
    "name" dns_label NOT NULL,
    "team" dns_label NOT NULL,
    "display_name" TEXT,
    "description" TEXT,
    "labels" JSONB,
    "links" JSONB,
    "revision" BIGINT NOT NULL,
    CONSTRAINT "application_pkey" PRIMARY KEY ("name"),
    CONSTRAINT "application_team_fkey" FOREIGN KEY ("team") REFERENCES "team"("name") ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE INDEX "application_team_idx" ON "application"("team");

CREATE TABLE "tier" (
    "application" dns_label NOT NULL,
    "name" dns_label NOT NULL,
    "pod_selector" JSONB NOT NULL CHECK (jsonb_typeof("pod_selector") = 'object'),
    "display_name" TEXT,
    "description" TEXT,
    "labels" JSONB,
    "links" JSONB,
    "revision" BIGINT NOT NULL,
    CONSTRAINT "tier_pkey" PRIMARY KEY ("application", "name"),
    CONSTRAINT "tier_application_fkey" FOREIGN KEY ("application") REFERENCES "application"("name") ON DELETE RESTRICT ON UPDATE RESTRICT
);

CREATE TABLE "tier_port" (
    "application" dns_label NOT NULL,
    "tier" dns_label NOT NULL,
    "name" TEXT NOT NULL CHECK ("name" ~ '^[a-z0-9-]{1,15}$'),
    "position" INTEGER NOT NULL,
    "protocol" protocol NOT NULL,
    "port" port_number NOT NULL,
    "end_port" port_number,
    CONSTRAINT "tier_port_pkey" PRIMARY KEY ("application", "tier", "name"),
    CHECK ("end_port" >= "port"),
    CONSTRAINT "tier_port_application_tier_fkey" FOREIGN KEY ("application", "tier") REFERENCES "tier"("application", "name") ON DELETE CASCADE ON UPDATE RESTRICT
);

CREATE TABLE "peer" (
    "name" dns_label NOT NULL,
    "kind" TEXT NOT NULL CHECK ("kind" IN ('pods', 'cidr', 'internet', 'anywhere', 'nodes', 'apiserver')),
    "namespace_selector" JSONB,
    "pod_selector" JSONB,
    "except" JSONB,
    "display_name" TEXT,
    "description" TEXT,
    "labels" JSONB,
    "links" JSONB,
    "revision" BIGINT NOT NULL,
    CONSTRAINT "peer_pkey" PRIMARY KEY ("name"),
    CHECK ("kind" = 'pods' OR ("namespace_selector" IS NULL AND "pod_selector" IS NULL)),
    CHECK ("kind" = 'internet' OR "except" IS NULL)
);

CREATE TABLE "environment" (
    "name" dns_label NOT NULL,
    "profile" JSONB NOT NULL CHECK (jsonb_typeof("profile") = 'object'),
    "display_name" TEXT,
    "description" TEXT,
    "labels" JSONB,
    "links" JSONB,
    "revision" BIGINT NOT NULL,
    CONSTRAINT "environment_pkey" PRIMARY KEY ("name")
);

CREATE TABLE "peer_block" (
    "peer" dns_label NOT NULL,
    "position" INTEGER NOT NULL,
    "cidr" TEXT NOT NULL CHECK ("cidr"::cidr IS NOT NULL),
    "except" JSONB,
    CONSTRAINT "peer_block_pkey" PRIMARY KEY ("peer", "position"),
    CONSTRAINT "peer_block_peer_fkey" FOREIGN KEY ("peer") REFERENCES "peer"("name") ON DELETE CASCADE ON UPDATE RESTRICT
);

CREATE TABLE "peer_block_environment" (
    "peer" dns_label NOT NULL,
    "position" INTEGER NOT NULL,
    "environment" dns_label NOT NULL,
    CONSTRAINT "peer_block_environment_pkey" PRIMARY KEY ("peer", "position", "environment"),
    CONSTRAINT "peer_block_environment_peer_position_fkey" FOREIGN KEY ("peer", "position") REFERENCES "peer_block"("peer", "position") ON DELETE CASCADE ON UPDATE RESTRICT,
    CONSTRAINT "peer_block_environment_environment_fkey" FOREIGN KEY ("environment") REFERENCES "environment"("name") ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE INDEX "peer_block_environment_environment_idx" ON "peer_block_environment"("environment");

CREATE TABLE "placement" (
    "environment" dns_label NOT NULL,
    "application" dns_label NOT NULL,
    "namespace" dns_label NOT NULL,
    "revision" BIGINT NOT NULL,
    CONSTRAINT "placement_pkey" PRIMARY KEY ("environment", "application"),
    CONSTRAINT "placement_environment_fkey" FOREIGN KEY ("environment") REFERENCES "environment"("name") ON DELETE RESTRICT ON UPDATE RESTRICT,
    CONSTRAINT "placement_application_fkey" FOREIGN KEY ("application") REFERENCES "application"("name") ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE INDEX "placement_application_idx" ON "placement"("application");

CREATE TABLE "placement_tier" (
    "environment" dns_label NOT NULL,
    "application" dns_label NOT NULL,
    "tier" dns_label NOT NULL,
    "labels" JSONB,
    "outside" JSONB,
    CONSTRAINT "placement_tier_pkey" PRIMARY KEY ("environment", "application", "tier"),
    CONSTRAINT "placement_tier_environment_application_fkey" FOREIGN KEY ("environment", "application") REFERENCES "placement"("environment", "application") ON DELETE CASCADE ON UPDATE RESTRICT,
    CONSTRAINT "placement_tier_application_tier_fkey" FOREIGN KEY ("application", "tier") REFERENCES "tier"("application", "name") ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE INDEX "placement_tier_application_tier_idx" ON "placement_tier"("application", "tier");

CREATE TABLE "placement_port" (
    "environment" dns_label NOT NULL,
    "application" dns_label NOT NULL,
    "tier" dns_label NOT NULL,
    "name" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "protocol" protocol NOT NULL,
    "port" port_number NOT NULL,
    "end_port" port_number,
    CONSTRAINT "placement_port_pkey" PRIMARY KEY ("environment", "application", "tier", "name"),
    CHECK ("end_port" >= "port"),
    CONSTRAINT "placement_port_environment_application_tier_fkey" FOREIGN KEY ("environment", "application", "tier") REFERENCES "placement_tier"("environment", "application", "tier") ON DELETE CASCADE ON UPDATE RESTRICT,
    CONSTRAINT "placement_port_application_tier_name_fkey" FOREIGN KEY ("application", "tier", "name") REFERENCES "tier_port"("application", "tier", "name") ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE INDEX "placement_port_application_tier_name_idx" ON "placement_port"("application", "tier", "name");

CREATE TABLE "flow" (
    "name" dns_label NOT NULL,
    "from_application" dns_label,
    "from_tier" dns_label,
    "from_peer" dns_label,
    "to_application" dns_label,
    "to_tier" dns_label,
    "to_peer" dns_label,
    "everywhere" BOOLEAN NOT NULL,
    "reason" TEXT,
    "display_name" TEXT,
    "description" TEXT,
    "labels" JSONB,
    "links" JSONB,
    "revision" BIGINT NOT NULL,
    CONSTRAINT "flow_pkey" PRIMARY KEY ("name"),
    -- one source and one destination, at least one of them a tier, and not the same tier twice
    CHECK (("from_tier" IS NULL) = ("from_application" IS NULL) AND ("to_tier" IS NULL) = ("to_application" IS NULL)),
    CHECK (("from_tier" IS NULL) <> ("from_peer" IS NULL) AND ("to_tier" IS NULL) <> ("to_peer" IS NULL)),
    CHECK ("from_tier" IS NOT NULL OR "to_tier" IS NOT NULL),
    CHECK (("from_application", "from_tier") IS DISTINCT FROM ("to_application", "to_tier")),
    CONSTRAINT "flow_from_application_from_tier_fkey" FOREIGN KEY ("from_application", "from_tier") REFERENCES "tier"("application", "name") ON DELETE RESTRICT ON UPDATE RESTRICT,
    CONSTRAINT "flow_from_peer_fkey" FOREIGN KEY ("from_peer") REFERENCES "peer"("name") ON DELETE RESTRICT ON UPDATE RESTRICT,
    CONSTRAINT "flow_to_application_to_tier_fkey" FOREIGN KEY ("to_application", "to_tier") REFERENCES "tier"("application", "name") ON DELETE RESTRICT ON UPDATE RESTRICT,
    CONSTRAINT "flow_to_peer_fkey" FOREIGN KEY ("to_peer") REFERENCES "peer"("name") ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE INDEX "flow_from_application_from_tier_idx" ON "flow"("from_application", "from_tier");
CREATE INDEX "flow_from_peer_idx" ON "flow"("from_peer");
CREATE INDEX "flow_to_application_to_tier_idx" ON "flow"("to_application", "to_tier");
CREATE INDEX "flow_to_peer_idx" ON "flow"("to_peer");

CREATE TABLE "flow_port" (
    "flow" dns_label NOT NULL,
    "position" INTEGER NOT NULL,
    "to_application" dns_label,
    "to_tier" dns_label,
    "port_name" TEXT,
    "protocol" protocol,
    "port" port_number,
    "end_port" port_number,
    CONSTRAINT "flow_port_pkey" PRIMARY KEY ("flow", "position"),
    CHECK (("port_name" IS NULL) <> ("port" IS NULL) AND ("port" IS NULL) = ("protocol" IS NULL)),
    CHECK (("port_name" IS NULL) = ("to_tier" IS NULL) AND ("to_tier" IS NULL) = ("to_application" IS NULL)),
    CHECK ("end_port" >= "port" AND ("port" IS NOT NULL OR "end_port" IS NULL)),
    CONSTRAINT "flow_port_flow_fkey" FOREIGN KEY ("flow") REFERENCES "flow"("name") ON DELETE CASCADE ON UPDATE RESTRICT,
    CONSTRAINT "flow_port_to_application_to_tier_port_name_fkey" FOREIGN KEY ("to_application", "to_tier", "port_name") REFERENCES "tier_port"("application", "tier", "name") ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE INDEX "flow_port_to_application_to_tier_port_name_idx" ON "flow_port"("to_application", "to_tier", "port_name");

CREATE TABLE "flow_environment" (
    "flow" dns_label NOT NULL,
    "environment" dns_label NOT NULL,
    CONSTRAINT "flow_environment_pkey" PRIMARY KEY ("flow", "environment"),
    CONSTRAINT "flow_environment_flow_fkey" FOREIGN KEY ("flow") REFERENCES "flow"("name") ON DELETE CASCADE ON UPDATE RESTRICT,
    CONSTRAINT "flow_environment_environment_fkey" FOREIGN KEY ("environment") REFERENCES "environment"("name") ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE INDEX "flow_environment_environment_idx" ON "flow_environment"("environment");

CREATE TABLE "fragment" (
    "id" SERIAL NOT NULL,
    "digest" BYTEA NOT NULL CHECK (octet_length("digest") = 32),
    "length" INTEGER NOT NULL CHECK ("length" > 0),
    "deflated" BYTEA NOT NULL,
    CONSTRAINT "fragment_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "fragment_digest_key" ON "fragment"("digest");
-- It is compressed already.
ALTER TABLE "fragment" ALTER COLUMN "deflated" SET STORAGE EXTERNAL;

CREATE TABLE "blob" (
    "digest" digest NOT NULL,
    "form" TEXT NOT NULL CHECK ("form" IN ('whole', 'joined', 'gzip')),
    "length" BIGINT CHECK ("length" >= 0),
    "crc32" BIGINT CHECK ("crc32" BETWEEN 0 AND 4294967295),
    "fragments" INTEGER[] NOT NULL,
    "bytes" BYTEA,
    CONSTRAINT "blob_pkey" PRIMARY KEY ("digest"),
    CONSTRAINT "blob_whole_or_put_together" CHECK (
      CASE WHEN "form" = 'whole' THEN "bytes" IS NOT NULL AND cardinality("fragments") = 0
      ELSE "bytes" IS NULL AND "length" IS NOT NULL AND "crc32" IS NOT NULL END)
);

CREATE TABLE "bundle" (
    "environment" dns_label NOT NULL,
    "version" INTEGER NOT NULL CHECK ("version" >= 1),
    "digest" digest NOT NULL,
    "revision" BIGINT NOT NULL,
    "counts" JSON NOT NULL,
    "findings" JSON NOT NULL,
    "proof" JSON NOT NULL,
    "changes" JSON NOT NULL,
    "message" TEXT,
    "reason" TEXT,
    "actor" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "yaml_digest" digest NOT NULL,
    "json_digest" digest NOT NULL,
    "yaml_gzip_digest" digest NOT NULL,
    "json_gzip_digest" digest NOT NULL,
    "tar_digest" digest NOT NULL,
    "snapshot_digest" digest NOT NULL,
    CONSTRAINT "bundle_pkey" PRIMARY KEY ("environment", "version"),
    CONSTRAINT "bundle_environment_fkey" FOREIGN KEY ("environment") REFERENCES "environment"("name") ON DELETE RESTRICT ON UPDATE RESTRICT,
    CONSTRAINT "bundle_yaml_digest_fkey" FOREIGN KEY ("yaml_digest") REFERENCES "blob"("digest") ON DELETE RESTRICT ON UPDATE RESTRICT,
    CONSTRAINT "bundle_json_digest_fkey" FOREIGN KEY ("json_digest") REFERENCES "blob"("digest") ON DELETE RESTRICT ON UPDATE RESTRICT,
    CONSTRAINT "bundle_yaml_gzip_digest_fkey" FOREIGN KEY ("yaml_gzip_digest") REFERENCES "blob"("digest") ON DELETE RESTRICT ON UPDATE RESTRICT,
    CONSTRAINT "bundle_json_gzip_digest_fkey" FOREIGN KEY ("json_gzip_digest") REFERENCES "blob"("digest") ON DELETE RESTRICT ON UPDATE RESTRICT,
    CONSTRAINT "bundle_tar_digest_fkey" FOREIGN KEY ("tar_digest") REFERENCES "blob"("digest") ON DELETE RESTRICT ON UPDATE RESTRICT,
    CONSTRAINT "bundle_snapshot_digest_fkey" FOREIGN KEY ("snapshot_digest") REFERENCES "blob"("digest") ON DELETE RESTRICT ON UPDATE RESTRICT
);

CREATE TABLE "registry_entry" (
    "environment" dns_label NOT NULL,
    "version" INTEGER NOT NULL,
    "digest" digest NOT NULL,
    "position" INTEGER NOT NULL,
    "kind" TEXT NOT NULL CHECK ("kind" IN ('manifest', 'blob')),
    "media_type" TEXT NOT NULL,
    "size" BIGINT NOT NULL CHECK ("size" >= 0),
    "tag" TEXT,
    "subject" digest,
    "artifact_type" TEXT,
    "annotations" JSON,
    CONSTRAINT "registry_entry_pkey" PRIMARY KEY ("environment", "version", "digest"),
    CONSTRAINT "registry_entry_environment_version_fkey" FOREIGN KEY ("environment", "version") REFERENCES "bundle"("environment", "version") ON DELETE CASCADE ON UPDATE RESTRICT,
    CONSTRAINT "registry_entry_digest_fkey" FOREIGN KEY ("digest") REFERENCES "blob"("digest") ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE INDEX "registry_entry_environment_digest_idx" ON "registry_entry"("environment", "digest");
CREATE INDEX "registry_entry_environment_tag_idx" ON "registry_entry"("environment", "tag");
CREATE INDEX "registry_entry_environment_subject_idx" ON "registry_entry"("environment", "subject");

-- What each cluster says of the versions it was given. Whoever reports names a version, and versions never go away: so does not their environment.
CREATE TABLE "deployment" (
    "environment" dns_label NOT NULL,
    "cluster" TEXT COLLATE "C" NOT NULL CHECK (length("cluster") <= 253 AND "cluster" ~ '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$'),
    "running_version" INTEGER,
    "running_since" TIMESTAMPTZ(3),
    "reported_version" INTEGER NOT NULL,
    "reported_digest" digest,
    "result" TEXT NOT NULL CHECK ("result" IN ('applied', 'failed')),
    "message" TEXT,
    "reported_by" TEXT NOT NULL,
    "reported_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "deployment_pkey" PRIMARY KEY ("environment", "cluster"),
    CHECK (("running_version" IS NULL) = ("running_since" IS NULL) AND "running_since" <= "reported_at"),
    CHECK ("result" = 'failed' OR "running_version" IS NOT DISTINCT FROM "reported_version"),
    CONSTRAINT "deployment_environment_running_version_fkey" FOREIGN KEY ("environment", "running_version") REFERENCES "bundle"("environment", "version") ON DELETE RESTRICT ON UPDATE RESTRICT,
    CONSTRAINT "deployment_environment_reported_version_fkey" FOREIGN KEY ("environment", "reported_version") REFERENCES "bundle"("environment", "version") ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE INDEX "deployment_reported_at_idx" ON "deployment"("reported_at");

CREATE TABLE "token" (
    "id" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "scopes" TEXT[] NOT NULL CHECK ("scopes" <@ ARRAY['read', 'write', 'publish', 'admin'] AND cardinality("scopes") > 0),
    "environment" dns_label,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "reason" TEXT,
    "expires_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "revoked_by" TEXT,
    "revoked_reason" TEXT,
    CONSTRAINT "token_pkey" PRIMARY KEY ("id"),
    CHECK (("revoked_at" IS NULL) = ("revoked_by" IS NULL)),
    CONSTRAINT "token_environment_fkey" FOREIGN KEY ("environment") REFERENCES "environment"("name") ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE UNIQUE INDEX "token_hash_key" ON "token"("hash");
-- The name is what the change log says, so no two live tokens share one.
CREATE UNIQUE INDEX "token_live_name_key" ON "token"("name") WHERE "revoked_at" IS NULL;
CREATE INDEX "token_environment_idx" ON "token"("environment");

CREATE TABLE "idempotency_key" (
    "actor" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "outcome" JSON,
    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("actor", "key")
);
CREATE INDEX "idempotency_key_at_idx" ON "idempotency_key"("at");

-- A published version never changes.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: what is published never changes', TG_OP, TG_TABLE_NAME;
END $$;
CREATE TRIGGER "bundle_is_immutable" BEFORE UPDATE OR DELETE ON "bundle" FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER "blob_is_immutable" BEFORE UPDATE ON "blob" FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER "registry_entry_is_immutable" BEFORE UPDATE ON "registry_entry" FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER "fragment_is_immutable" BEFORE UPDATE ON "fragment" FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER "change_is_immutable" BEFORE UPDATE OR DELETE ON "change" FOR EACH ROW EXECUTE FUNCTION refuse_change();
