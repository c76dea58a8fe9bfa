-- Refuses to change an alert's content or its consent. The receiver's answer may change.
CREATE OR REPLACE FUNCTION keep_bank_alert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.receiver_id, NEW.seq, NEW.id, NEW.consent_id, NEW.event, NEW.at, NEW.contact, NEW.number, NEW.ownership, NEW.begins_on)
    IS DISTINCT FROM
    (OLD.receiver_id, OLD.seq, OLD.id, OLD.consent_id, OLD.event, OLD.at, OLD.contact, OLD.number, OLD.ownership, OLD.begins_on)
  THEN
    RAISE EXCEPTION 'what a receiver was told cannot be changed';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER keep_bank_alert BEFORE UPDATE ON "bank_alerts" FOR EACH ROW EXECUTE FUNCTION keep_bank_alert();
