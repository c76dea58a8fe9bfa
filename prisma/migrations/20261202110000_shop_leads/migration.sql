-- CreateTable
CREATE TABLE "shop_leads" (
    "id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "day" DATE NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "due_at" TIMESTAMPTZ(3),

    CONSTRAINT "shop_leads_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "shop_addresses" (
    "account_id" UUID NOT NULL,
    "address" TEXT NOT NULL,

    CONSTRAINT "shop_addresses_pkey" PRIMARY KEY ("account_id")
);

-- CreateIndex
CREATE INDEX "shop_leads_account_id_idx" ON "shop_leads"("account_id");

-- CreateIndex
CREATE INDEX "shop_leads_at_idx" ON "shop_leads"("at");

-- CreateIndex
CREATE INDEX "shop_leads_due" ON "shop_leads"("due_at") WHERE (due_at IS NOT NULL);

-- CreateIndex
CREATE UNIQUE INDEX "one_shop_lead" ON "shop_leads"("case_id", "account_id", "day");

-- AddForeignKey
ALTER TABLE "shop_leads" ADD CONSTRAINT "shop_leads_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "case_keys"("case_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "shop_leads" ADD CONSTRAINT "shop_leads_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "shop_addresses" ADD CONSTRAINT "shop_addresses_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "staff_accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Where a case's phone was offered is data of that case (ADR 21).
ALTER TABLE "shop_leads" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "declared_scope" ON "shop_leads" USING (
CASE
    WHEN ( SELECT scope_is_wide() AS scope_is_wide) THEN true
    ELSE ((case_id = ( SELECT scope_case() AS scope_case)) OR ( SELECT true
       FROM cases c
      WHERE (c.id = shop_leads.case_id)))
END);
