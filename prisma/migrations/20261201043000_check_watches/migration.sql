-- CreateTable
CREATE TABLE "check_watches" (
    "id" UUID NOT NULL,
    "imeis" CHAR(15)[],
    "reported" BOOLEAN NOT NULL DEFAULT false,
    "locale" TEXT NOT NULL,
    "sealed" BYTEA NOT NULL,
    "contact_hash" BYTEA,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "told_at" TIMESTAMPTZ(3),

    CONSTRAINT "check_watches_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "check_watches_contact_hash_idx" ON "check_watches"("contact_hash");

-- CreateIndex
CREATE INDEX "check_watches_expires_at_idx" ON "check_watches"("expires_at");

-- AddForeignKey
ALTER TABLE "check_watches" ADD CONSTRAINT "check_watches_id_fkey" FOREIGN KEY ("id") REFERENCES "case_keys"("case_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What the schema cannot say: nobody watches for longer than a week and the hour in which the code is typed.
ALTER TABLE "check_watches" ADD CONSTRAINT "check_watches_end" CHECK (
  expires_at <= created_at + interval '7 days 1 hour' AND cardinality(imeis) <= 2
);

ALTER TABLE "check_watches" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "declared_scope" ON "check_watches" USING (
CASE
    WHEN ( SELECT (current_setting('antam.scope'::text, true) = 'system'::text)) THEN true
    ELSE (id = ( SELECT scope_case() AS scope_case))
END);
