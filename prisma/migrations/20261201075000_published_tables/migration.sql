-- CreateTable
CREATE TABLE "published_tables" (
    "name" TEXT NOT NULL,
    "scope" TEXT NOT NULL,
    "sha256" BYTEA NOT NULL,
    "published_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "published_tables_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "published_figures" (
    "sha256" BYTEA NOT NULL,
    "name" TEXT NOT NULL,
    "content" BYTEA NOT NULL,

    CONSTRAINT "published_figures_pkey" PRIMARY KEY ("sha256")
);

-- CreateIndex
CREATE INDEX "published_tables_scope_published_at_idx" ON "published_tables"("scope", "published_at" DESC);

-- CreateIndex
CREATE INDEX "published_tables_published_at_idx" ON "published_tables"("published_at" DESC);

ALTER TABLE "published_figures" ADD CONSTRAINT "published_figures_hash" CHECK (sha256 = sha256(content));
