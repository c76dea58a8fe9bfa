-- Refuses to move an order to another case or drill.
CREATE OR REPLACE FUNCTION keep_order_origin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.case_id, NEW.drill_id) IS DISTINCT FROM (OLD.case_id, OLD.drill_id) THEN
    RAISE EXCEPTION 'an order stays of the case or drill that it was given for';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER keep_order_origin BEFORE UPDATE OF "case_id", "drill_id" ON "carrier_orders"
  FOR EACH ROW EXECUTE FUNCTION keep_order_origin();
