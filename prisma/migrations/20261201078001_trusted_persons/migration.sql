-- CreateTable
CREATE TABLE "trusted_persons" (
    "id" UUID NOT NULL,
    "registrant_id" UUID NOT NULL,
    "contact_hash" BYTEA NOT NULL,
    "sealed" BYTEA NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "accepted_at" TIMESTAMPTZ(3),
    "confirmed_at" TIMESTAMPTZ(3),

    CONSTRAINT "trusted_persons_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "trusted_persons_contact_hash_idx" ON "trusted_persons"("contact_hash");

-- CreateIndex
CREATE INDEX "trusted_persons_unconfirmed" ON "trusted_persons"("asked_at") WHERE (confirmed_at IS NULL);

-- CreateIndex
CREATE UNIQUE INDEX "trusted_persons_registrant_id_contact_hash_key" ON "trusted_persons"("registrant_id", "contact_hash");

-- AddForeignKey
ALTER TABLE "trusted_persons" ADD CONSTRAINT "trusted_persons_id_fkey" FOREIGN KEY ("id") REFERENCES "case_keys"("case_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "trusted_persons" ADD CONSTRAINT "trusted_persons_registrant_id_fkey" FOREIGN KEY ("registrant_id") REFERENCES "registrants"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What the schema cannot say.
ALTER TABLE "trusted_persons" ADD CONSTRAINT "trusted_persons_accept_first" CHECK (confirmed_at IS NULL OR accepted_at IS NOT NULL);

-- Only the product itself reads them, for the owner's browser or that of their own contact (ADR 21).
ALTER TABLE "trusted_persons" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "declared_scope" ON "trusted_persons" USING (( SELECT current_setting('antam.scope'::text, true)) = 'system'::text);
