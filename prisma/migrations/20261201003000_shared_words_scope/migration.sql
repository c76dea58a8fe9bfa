-- A carrier's word names an IMEI of a case: it is seen where the case is, and by the product.
ALTER TABLE "shared_words" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "declared_scope" ON "shared_words" USING (
CASE
    WHEN ( SELECT scope_is_wide() AS scope_is_wide) THEN true
    ELSE ( SELECT true
       FROM carrier_orders o
      WHERE ((o.id = shared_words.order_id) AND ((o.case_id = ( SELECT scope_case() AS scope_case)) OR ( SELECT true
       FROM cases c
      WHERE (c.id = o.case_id)))))
END);
