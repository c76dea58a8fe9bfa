-- Places cases in the lists of the queue anew when their IMEIs change. A new IMEI changes nothing but the list of cases
-- without one: a report that comes with its IMEIs is placed once, by its own row.
CREATE OR REPLACE FUNCTION queue_case_of_imeis() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM place_in_queue(case_id) FROM (SELECT DISTINCT case_id FROM changed) AS c
  WHERE TG_OP = 'DELETE'
    OR EXISTS (SELECT FROM queue_places q WHERE q.case_id = c.case_id AND q.list = 'no_imei');
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER queue_imeis AFTER INSERT ON case_imeis REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION queue_case_of_imeis();
CREATE OR REPLACE TRIGGER queue_removed_imeis AFTER DELETE ON case_imeis REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION queue_case_of_imeis();
