-- CreateTable
CREATE TABLE "push_devices" (
    "id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "endpoint_hash" BYTEA NOT NULL,
    "sealed" BYTEA NOT NULL,
    "locale" TEXT NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL,
    "last_success_at" TIMESTAMPTZ(3),
    "news_at" TIMESTAMPTZ(3),
    "attempts" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "push_devices_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "push_devices_endpoint_hash_idx" ON "push_devices"("endpoint_hash");

-- CreateIndex
CREATE UNIQUE INDEX "push_devices_case_id_endpoint_hash_key" ON "push_devices"("case_id", "endpoint_hash");

-- AddForeignKey
ALTER TABLE "push_devices" ADD CONSTRAINT "push_devices_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "case_keys"("case_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- A case's own are read and told in its scope; those of a list of phones by the product itself (ADR 21).
ALTER TABLE "push_devices" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "declared_scope" ON "push_devices" USING (
CASE
    WHEN ( SELECT scope_is_wide() AS scope_is_wide) THEN true
    ELSE ((case_id = ( SELECT scope_case() AS scope_case)) OR ( SELECT true
       FROM cases c
      WHERE (c.id = push_devices.case_id)))
END);
