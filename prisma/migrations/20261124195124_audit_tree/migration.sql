-- CreateTable
CREATE TABLE "audit_leaves" (
    "index" BIGINT NOT NULL,
    "entry_id" BIGINT NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "audit_leaves_pkey" PRIMARY KEY ("index")
);

-- CreateTable
CREATE TABLE "audit_nodes" (
    "level" SMALLINT NOT NULL,
    "index" BIGINT NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "audit_nodes_pkey" PRIMARY KEY ("level","index")
);

-- CreateTable
CREATE TABLE "audit_heads" (
    "size" BIGINT NOT NULL,
    "note" TEXT NOT NULL,
    "sealed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "high_id" BIGINT NOT NULL,
    "settled_id" BIGINT NOT NULL,
    "snapshot_xmax" BIGINT NOT NULL,

    CONSTRAINT "audit_heads_pkey" PRIMARY KEY ("size")
);

-- CreateIndex
CREATE UNIQUE INDEX "audit_leaves_entry_id_key" ON "audit_leaves"("entry_id");
