<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE" sourcelanguage="en_GB">
<context>
    <name>AnswerEditor</name>
    <message>
        <source>{key} to answer</source>
        <translation>{key} zum Beantworten</translation>
    </message>
    <message>
        <source>Enter answers, Esc leaves it as it was</source>
        <translation>Enter übernimmt, Esc lässt es, wie es war</translation>
    </message>
    <message>
        <source>↑ ↓ and Space choose, Enter answers, Esc leaves it as it was</source>
        <translation>↑ ↓ und Leertaste wählen, Enter übernimmt, Esc lässt es, wie es war</translation>
    </message>
    <message>
        <source>↑ ↓ choose, Enter answers, Esc leaves it as it was</source>
        <translation>↑ ↓ wählt, Enter übernimmt, Esc lässt es, wie es war</translation>
    </message>
</context>
<context>
    <name>Answers</name>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>present</source>
        <translation>vorhanden</translation>
    </message>
    <message>
        <source>absent</source>
        <translation>nicht vorhanden</translation>
    </message>
    <message>
        <source>uncertain</source>
        <translation>unsicher</translation>
    </message>
    <message>
        <source>not assessable</source>
        <translation>nicht beurteilbar</translation>
    </message>
</context>
<context>
    <name>Captions</name>
    <message>
        <source>gantry tilted by {n}°</source>
        <translation>Gantry um {n}° gekippt</translation>
    </message>
    <message>
        <source>slices {n} mm apart</source>
        <translation>Schichtabstand {n} mm</translation>
    </message>
    <message>
        <source>a slice is missing after slice {n}</source>
        <translation>nach Schicht {n} fehlt eine Schicht</translation>
    </message>
    <message>
        <source>{n} slices are missing</source>
        <translation>{n} Schichten fehlen</translation>
    </message>
    <message>
        <source>slices {n} lie at one place</source>
        <translation>Schichten {n} liegen an derselben Stelle</translation>
    </message>
    <message>
        <source>{n} slices lie where another does</source>
        <translation>{n} Schichten liegen dort, wo schon eine liegt</translation>
    </message>
    <message>
        <source>{n} volumes, one after another</source>
        <translation>{n} Volumina nacheinander</translation>
    </message>
    <message>
        <source>orientation not known</source>
        <translation>Orientierung unbekannt</translation>
    </message>
    <message>
        <source>shown as stored, may lie turned</source>
        <translation>wie gespeichert gezeigt, möglicherweise gedreht</translation>
    </message>
    <message>
        <source>at the detector, not calibrated</source>
        <translation>am Detektor, nicht kalibriert</translation>
    </message>
    <message>
        <source>calibrated</source>
        <translation>kalibriert</translation>
    </message>
    <message>
        <source>colour</source>
        <translation>Farbe</translation>
    </message>
    <message>
        <source>inverted</source>
        <translation>invertiert</translation>
    </message>
    <message>
        <source>lookup table of the image</source>
        <translation>Lookup-Tabelle des Bildes</translation>
    </message>
    <message>
        <source>research use only, not for diagnosis</source>
        <translation>nur für die Forschung, nicht zur Diagnose</translation>
    </message>
    <message>
        <source>slice {number} of {count}</source>
        <translation>Schicht {number} von {count}</translation>
    </message>
    <message>
        <source>smoothed</source>
        <translation>geglättet</translation>
    </message>
    <message>
        <source>not smoothed</source>
        <translation>nicht geglättet</translation>
    </message>
    <message>
        <source>spacing not calibrated</source>
        <translation>Pixelabstand nicht kalibriert</translation>
    </message>
    <message>
        <source>{bits}-bit</source>
        <translation>{bits} Bit</translation>
    </message>
    <message>
        <source>flipped</source>
        <translation>gespiegelt</translation>
    </message>
    <message>
        <source>rotated {angle}°</source>
        <translation>um {angle}° gedreht</translation>
    </message>
    <message>
        <source>true size at the detector</source>
        <translation>Originalgröße am Detektor</translation>
    </message>
    <message>
        <source>true size</source>
        <translation>Originalgröße</translation>
    </message>
</context>
<context>
    <name>Capture</name>
    <message>
        <source>Waiting for the new key</source>
        <translation>Wartet auf die neue Taste</translation>
    </message>
    <message>
        <source>Press the mouse button here, with Shift, Ctrl or Alt if you like.</source>
        <translation>Hier die Maustaste drücken, wenn gewünscht mit Shift, Ctrl oder Alt.</translation>
    </message>
    <message>
        <source>Turn the wheel here, with Ctrl or Shift if you like.</source>
        <translation>Hier das Mausrad drehen, wenn gewünscht mit Ctrl oder Shift.</translation>
    </message>
    <message>
        <source>Press the new key.</source>
        <translation>Neue Taste drücken.</translation>
    </message>
    <message>
        <source>Esc goes back.</source>
        <translation>Esc bricht ab.</translation>
    </message>
</context>
<context>
    <name>CardDelegate</name>
    <message>
        <source>{n} readers</source>
        <translation>{n} Befunder</translation>
    </message>
</context>
<context>
    <name>DemoHint</name>
    <message>
        <source>Demonstration study on simulated images. Passphrases, shown for the demo only:</source>
        <translation>Demonstrationsstudie mit simulierten Bildern. Passphrasen, nur in der Demo gezeigt:</translation>
    </message>
</context>
<context>
    <name>ExportPage</name>
    <message>
        <source>Exported files</source>
        <translation>Exportierte Dateien</translation>
    </message>
</context>
<context>
    <name>FlagSheet</name>
    <message>
        <source>Flag this case</source>
        <translation>Diesen Fall kennzeichnen</translation>
    </message>
    <message>
        <source>The coordinator sees the case code and your comment. Write what is wrong with the image or the case, not what you found: findings belong into the answers.</source>
        <translation>Die Studienleitung sieht den Fallcode und Ihren Kommentar. Schreiben Sie, was mit dem Bild oder dem Fall nicht stimmt, nicht, was Sie gefunden haben: Befunde gehören in die Antworten.</translation>
    </message>
    <message>
        <source>Comment for the coordinator</source>
        <translation>Kommentar für die Studienleitung</translation>
    </message>
    <message>
        <source>what is wrong with this case</source>
        <translation>was mit diesem Fall nicht stimmt</translation>
    </message>
    <message>
        <source>Flag the case</source>
        <translation>Fall kennzeichnen</translation>
    </message>
    <message>
        <source>Take the flag away</source>
        <translation>Kennzeichnung entfernen</translation>
    </message>
</context>
<context>
    <name>FlagsPage</name>
    <message>
        <source>Flagged cases</source>
        <translation>Gekennzeichnete Fälle</translation>
    </message>
    <message>
        <source>Reader</source>
        <translation>Befunder</translation>
    </message>
    <message>
        <source>Case</source>
        <translation>Fall</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>Code</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>Platz</translation>
    </message>
    <message>
        <source>Comment</source>
        <translation>Kommentar</translation>
    </message>
    <message>
        <source>No reader has flagged a case.</source>
        <translation>Kein Befunder hat einen Fall gekennzeichnet.</translation>
    </message>
    <message>
        <source>What readers say is wrong with a case. Practice cases are listed too.</source>
        <translation>Was nach Angabe der Befunder mit einem Fall nicht stimmt. Übungsfälle stehen auch hier.</translation>
    </message>
    <message>
        <source>Flags</source>
        <translation>Kennzeichnungen</translation>
    </message>
</context>
<context>
    <name>Gestures</name>
    <message>
        <source>left drag</source>
        <translation>links ziehen</translation>
    </message>
    <message>
        <source>middle drag</source>
        <translation>Mitte ziehen</translation>
    </message>
    <message>
        <source>right drag</source>
        <translation>rechts ziehen</translation>
    </message>
    <message>
        <source>wheel</source>
        <translation>Mausrad</translation>
    </message>
</context>
<context>
    <name>ImageCanvas</name>
    <message>
        <source>Image</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>draw an arrow</source>
        <translation>Pfeil zeichnen</translation>
    </message>
    <message>
        <source>draw a box</source>
        <translation>Rechteck aufziehen</translation>
    </message>
</context>
<context>
    <name>ItemHelp</name>
    <message>
        <source>The protocol says no more about this item.</source>
        <translation>Das Protokoll sagt zu diesem Merkmal nicht mehr.</translation>
    </message>
    <message>
        <source>Loading …</source>
        <translation>Wird geladen …</translation>
    </message>
    <message>
        <source>example {number} of {item}</source>
        <translation>Beispiel {number} für {item}</translation>
    </message>
    <message>
        <source>The example images cannot be read.</source>
        <translation>Die Beispielbilder sind nicht lesbar.</translation>
    </message>
</context>
<context>
    <name>ItemPanel</name>
    <message>
        <source>Finish case</source>
        <translation>Fall abschließen</translation>
    </message>
    <message>
        <source>other</source>
        <translation>Sonstiges</translation>
    </message>
    <message>
        <source>treatment-related</source>
        <translation>therapiebedingt</translation>
    </message>
    <message>
        <source>physiology-related</source>
        <translation>physiologisch bedingt</translation>
    </message>
    <message>
        <source>{key} shows examples</source>
        <translation>{key} zeigt Beispiele</translation>
    </message>
    <message>
        <source>Rest absent</source>
        <translation>Rest nicht vorhanden</translation>
    </message>
</context>
<context>
    <name>Keymap</name>
    <message>
        <source>Answers</source>
        <translation>Antworten</translation>
    </message>
    <message>
        <source>present</source>
        <translation>vorhanden</translation>
    </message>
    <message>
        <source>absent</source>
        <translation>nicht vorhanden</translation>
    </message>
    <message>
        <source>uncertain</source>
        <translation>unsicher</translation>
    </message>
    <message>
        <source>not assessable</source>
        <translation>nicht beurteilbar</translation>
    </message>
    <message>
        <source>answer all the rest absent</source>
        <translation>alles Übrige: nicht vorhanden</translation>
    </message>
    <message>
        <source>open choices, or a text</source>
        <translation>Auswahl oder Text öffnen</translation>
    </message>
    <message>
        <source>next item</source>
        <translation>nächstes Merkmal</translation>
    </message>
    <message>
        <source>previous item</source>
        <translation>voriges Merkmal</translation>
    </message>
    <message>
        <source>next unanswered item</source>
        <translation>nächstes offene Merkmal</translation>
    </message>
    <message>
        <source>help and examples of the item</source>
        <translation>Hilfe und Beispiele zum Merkmal</translation>
    </message>
    <message>
        <source>undo answer or mark</source>
        <translation>Antwort oder Markierung zurücknehmen</translation>
    </message>
    <message>
        <source>redo</source>
        <translation>wiederherstellen</translation>
    </message>
    <message>
        <source>Cases</source>
        <translation>Fälle</translation>
    </message>
    <message>
        <source>finish the case</source>
        <translation>Fall abschließen</translation>
    </message>
    <message>
        <source>back to the case before</source>
        <translation>zurück zum vorigen Fall</translation>
    </message>
    <message>
        <source>forward to the next case</source>
        <translation>weiter zum nächsten Fall</translation>
    </message>
    <message>
        <source>flag the case with a comment</source>
        <translation>Fall mit Kommentar kennzeichnen</translation>
    </message>
    <message>
        <source>reading instructions</source>
        <translation>Leseanweisung</translation>
    </message>
    <message>
        <source>leave (everything is saved)</source>
        <translation>verlassen (alles ist gespeichert)</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>zoom in</source>
        <translation>vergrößern</translation>
    </message>
    <message>
        <source>zoom out</source>
        <translation>verkleinern</translation>
    </message>
    <message>
        <source>fit to the screen</source>
        <translation>in das Feld einpassen</translation>
    </message>
    <message>
        <source>fill the screen</source>
        <translation>Feld füllen</translation>
    </message>
    <message>
        <source>one image pixel per screen pixel</source>
        <translation>1:1, ein Bildpunkt je Bildschirmpunkt</translation>
    </message>
    <message>
        <source>true size in millimetres</source>
        <translation>Originalgröße in Millimetern</translation>
    </message>
    <message>
        <source>move left</source>
        <translation>nach links verschieben</translation>
    </message>
    <message>
        <source>move right</source>
        <translation>nach rechts verschieben</translation>
    </message>
    <message>
        <source>move up</source>
        <translation>nach oben verschieben</translation>
    </message>
    <message>
        <source>move down</source>
        <translation>nach unten verschieben</translation>
    </message>
    <message>
        <source>rotate left</source>
        <translation>nach links drehen</translation>
    </message>
    <message>
        <source>rotate right</source>
        <translation>nach rechts drehen</translation>
    </message>
    <message>
        <source>flip left and right</source>
        <translation>horizontal spiegeln</translation>
    </message>
    <message>
        <source>flip top and bottom</source>
        <translation>vertikal spiegeln</translation>
    </message>
    <message>
        <source>smooth pixels on or off</source>
        <translation>Glättung ein oder aus</translation>
    </message>
    <message>
        <source>hold for the magnifier</source>
        <translation>halten: Lupe</translation>
    </message>
    <message>
        <source>value under the pointer</source>
        <translation>Wert unter dem Zeiger</translation>
    </message>
    <message>
        <source>reset window, zoom and position</source>
        <translation>Fenster, Zoom und Lage zurücksetzen</translation>
    </message>
    <message>
        <source>Grey scale</source>
        <translation>Grauwerte</translation>
    </message>
    <message>
        <source>invert grey scale</source>
        <translation>Grauwerte invertieren</translation>
    </message>
    <message>
        <source>window wider</source>
        <translation>Fenster weiter</translation>
    </message>
    <message>
        <source>window narrower</source>
        <translation>Fenster enger</translation>
    </message>
    <message>
        <source>window centre up</source>
        <translation>Fensterlage höher</translation>
    </message>
    <message>
        <source>window centre down</source>
        <translation>Fensterlage tiefer</translation>
    </message>
    <message>
        <source>window from a region</source>
        <translation>Fenster aus einer Region</translation>
    </message>
    <message>
        <source>Stacks and layout</source>
        <translation>Schichten und Anordnung</translation>
    </message>
    <message>
        <source>next slice</source>
        <translation>nächste Schicht</translation>
    </message>
    <message>
        <source>previous slice</source>
        <translation>vorige Schicht</translation>
    </message>
    <message>
        <source>first slice</source>
        <translation>erste Schicht</translation>
    </message>
    <message>
        <source>last slice</source>
        <translation>letzte Schicht</translation>
    </message>
    <message>
        <source>ten slices forward</source>
        <translation>zehn Schichten vor</translation>
    </message>
    <message>
        <source>ten slices back</source>
        <translation>zehn Schichten zurück</translation>
    </message>
    <message>
        <source>play or stop slices</source>
        <translation>Cine starten oder anhalten</translation>
    </message>
    <message>
        <source>play faster</source>
        <translation>Cine schneller</translation>
    </message>
    <message>
        <source>play slower</source>
        <translation>Cine langsamer</translation>
    </message>
    <message>
        <source>thicker slab</source>
        <translation>dickere Schicht (Slab)</translation>
    </message>
    <message>
        <source>thinner slab</source>
        <translation>dünnere Schicht (Slab)</translation>
    </message>
    <message>
        <source>slab: mean or maximum</source>
        <translation>Slab: Mittelwert oder Maximum (MIP)</translation>
    </message>
    <message>
        <source>next image of the case</source>
        <translation>nächstes Bild des Falls</translation>
    </message>
    <message>
        <source>previous image of the case</source>
        <translation>voriges Bild des Falls</translation>
    </message>
    <message>
        <source>one image</source>
        <translation>ein Bild</translation>
    </message>
    <message>
        <source>two images</source>
        <translation>zwei Bilder</translation>
    </message>
    <message>
        <source>four images</source>
        <translation>vier Bilder</translation>
    </message>
    <message>
        <source>next layout</source>
        <translation>nächste Anordnung</translation>
    </message>
    <message>
        <source>one image large, or all</source>
        <translation>ein Bild groß oder alle</translation>
    </message>
    <message>
        <source>link zoom on or off</source>
        <translation>Zoom koppeln oder lösen</translation>
    </message>
    <message>
        <source>link slices on or off</source>
        <translation>Schichten koppeln oder lösen</translation>
    </message>
    <message>
        <source>link window on or off</source>
        <translation>Fenster koppeln oder lösen</translation>
    </message>
    <message>
        <source>Marks</source>
        <translation>Markierungen</translation>
    </message>
    <message>
        <source>arrow for the item in focus</source>
        <translation>Pfeil für das aktive Merkmal</translation>
    </message>
    <message>
        <source>box for the item in focus</source>
        <translation>Rechteck für das aktive Merkmal</translation>
    </message>
    <message>
        <source>ellipse</source>
        <translation>Ellipse</translation>
    </message>
    <message>
        <source>line of points</source>
        <translation>Polygonzug</translation>
    </message>
    <message>
        <source>freehand line</source>
        <translation>Freihandlinie</translation>
    </message>
    <message>
        <source>measure a length</source>
        <translation>Länge messen</translation>
    </message>
    <message>
        <source>measure an angle</source>
        <translation>Winkel messen</translation>
    </message>
    <message>
        <source>measure a Cobb angle</source>
        <translation>Cobb-Winkel messen</translation>
    </message>
    <message>
        <source>values of a region</source>
        <translation>Werte einer Region (ROI)</translation>
    </message>
    <message>
        <source>next mark</source>
        <translation>nächste Markierung</translation>
    </message>
    <message>
        <source>previous mark</source>
        <translation>vorige Markierung</translation>
    </message>
    <message>
        <source>list of marks</source>
        <translation>Liste der Markierungen</translation>
    </message>
    <message>
        <source>duplicate the selected mark</source>
        <translation>gewählte Markierung duplizieren</translation>
    </message>
    <message>
        <source>delete the selected mark</source>
        <translation>gewählte Markierung löschen</translation>
    </message>
    <message>
        <source>hold to hide marks and text</source>
        <translation>halten: Markierungen und Text ausblenden</translation>
    </message>
    <message>
        <source>cancel (never closes a case)</source>
        <translation>abbrechen (schließt nie einen Fall)</translation>
    </message>
    <message>
        <source>Program</source>
        <translation>Programm</translation>
    </message>
    <message>
        <source>show or hide this sheet</source>
        <translation>diese Übersicht zeigen oder schließen</translation>
    </message>
    <message>
        <source>keys, mouse and preferences</source>
        <translation>Tasten, Maus und Einstellungen</translation>
    </message>
    <message>
        <source>images on the second screen</source>
        <translation>Bilder auf dem zweiten Bildschirm</translation>
    </message>
    <message>
        <source>full screen on or off</source>
        <translation>Vollbild ein oder aus</translation>
    </message>
    <message>
        <source>window: width and centre</source>
        <translation>Fenster: Weite und Lage</translation>
    </message>
    <message>
        <source>move the image</source>
        <translation>Bild verschieben</translation>
    </message>
    <message>
        <source>zoom</source>
        <translation>Zoom</translation>
    </message>
    <message>
        <source>scroll slices</source>
        <translation>Schichten blättern</translation>
    </message>
    <message>
        <source>magnifier</source>
        <translation>Lupe</translation>
    </message>
    <message>
        <source>slices, or zoom</source>
        <translation>Schichten, sonst Zoom</translation>
    </message>
</context>
<context>
    <name>KeymapEditor</name>
    <message>
        <source>search an action or a key</source>
        <translation>Aktion oder Taste suchen</translation>
    </message>
    <message>
        <source>Search an action or a key</source>
        <translation>Aktion oder Taste suchen</translation>
    </message>
    <message>
        <source>Move the key here</source>
        <translation>Taste hierher verschieben</translation>
    </message>
    <message>
        <source>Leave it as it is</source>
        <translation>So lassen</translation>
    </message>
    <message>
        <source>Actions and their keys</source>
        <translation>Aktionen und ihre Tasten</translation>
    </message>
    <message>
        <source>what</source>
        <translation>was</translation>
    </message>
    <message>
        <source>keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Windows of CT</source>
        <translation>Fenster bei CT</translation>
    </message>
    <message>
        <source>Windows of other images</source>
        <translation>Fenster bei anderen Bildern</translation>
    </message>
    <message>
        <source>Mouse</source>
        <translation>Maus</translation>
    </message>
    <message>
        <source>add …</source>
        <translation>hinzufügen …</translation>
    </message>
    <message>
        <source>give it one …</source>
        <translation>zuweisen …</translation>
    </message>
    <message>
        <source>reset</source>
        <translation>zurücksetzen</translation>
    </message>
    <message>
        <source>change {key}</source>
        <translation>{key} ändern</translation>
    </message>
    <message>
        <source>remove {key}</source>
        <translation>{key} entfernen</translation>
    </message>
    <message>
        <source>{key} means “{theirs}” already and cannot mean “{mine}” too.</source>
        <translation>{key} bedeutet bereits „{theirs}“ und kann nicht zugleich „{mine}“ bedeuten.</translation>
    </message>
    <message>
        <source>It is the only key of “{theirs}”: give that one another key first.</source>
        <translation>Es ist die einzige Taste für „{theirs}“: geben Sie dieser Aktion zuerst eine andere.</translation>
    </message>
    <message>
        <source>If it moves here, “{theirs}” has: {left}.</source>
        <translation>Wird sie hierher verschoben, hat „{theirs}“: {left}.</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>nichts</translation>
    </message>
    <message>
        <source>{key}: Shift with a letter jumps to an item, in every keymap. Choose another key.</source>
        <translation>{key}: Shift mit einem Buchstaben springt in jeder Belegung zu einem Merkmal. Wählen Sie eine andere Taste.</translation>
    </message>
    <message>
        <source>{key}: digits choose windows, in every keymap. Choose another key.</source>
        <translation>{key}: Ziffern wählen in jeder Belegung Fenster. Wählen Sie eine andere Taste.</translation>
    </message>
</context>
<context>
    <name>MarkKinds</name>
    <message>
        <source>arrow</source>
        <translation>Pfeil</translation>
    </message>
    <message>
        <source>box</source>
        <translation>Rechteck</translation>
    </message>
    <message>
        <source>ellipse</source>
        <translation>Ellipse</translation>
    </message>
    <message>
        <source>line of points</source>
        <translation>Polygonzug</translation>
    </message>
    <message>
        <source>freehand line</source>
        <translation>Freihandlinie</translation>
    </message>
    <message>
        <source>length</source>
        <translation>Länge</translation>
    </message>
    <message>
        <source>angle</source>
        <translation>Winkel</translation>
    </message>
    <message>
        <source>Cobb angle</source>
        <translation>Cobb-Winkel</translation>
    </message>
    <message>
        <source>region</source>
        <translation>Region</translation>
    </message>
</context>
<context>
    <name>MarksList</name>
    <message>
        <source>Marks of this case</source>
        <translation>Markierungen dieses Falls</translation>
    </message>
    <message>
        <source>No mark yet. A mark belongs to the item in focus; the sheet of keys says how to draw one.</source>
        <translation>Noch keine Markierung. Eine Markierung gehört zum aktiven Merkmal; die Tastenübersicht zeigt, wie man eine zeichnet.</translation>
    </message>
    <message>
        <source>, image {number}</source>
        <translation>, Bild {number}</translation>
    </message>
    <message>
        <source>, slice {number}</source>
        <translation>, Schicht {number}</translation>
    </message>
</context>
<context>
    <name>Measured</name>
    <message>
        <source>at the detector</source>
        <translation>am Detektor</translation>
    </message>
    <message>
        <source>mean {mean}{unit}  SD {sd}</source>
        <translation>Mittel {mean}{unit}  SD {sd}</translation>
    </message>
    <message>
        <source>min {least}  max {most}</source>
        <translation>Min {least}  Max {most}</translation>
    </message>
    <message>
        <source>no value</source>
        <translation>kein Wert</translation>
    </message>
</context>
<context>
    <name>MessagePage</name>
    <message>
        <source>research use only, not for diagnosis</source>
        <translation>nur für die Forschung, nicht zur Diagnose</translation>
    </message>
</context>
<context>
    <name>Overlay</name>
    <message>
        <source>close</source>
        <translation>schließen</translation>
    </message>
</context>
<context>
    <name>Page</name>
    <message>
        <source>research use only, not for diagnosis</source>
        <translation>nur für die Forschung, nicht zur Diagnose</translation>
    </message>
</context>
<context>
    <name>PreferencesPage</name>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Keys, mouse and preferences</source>
        <translation>Tasten, Maus und Einstellungen</translation>
    </message>
</context>
<context>
    <name>PreferencesPanel</name>
    <message>
        <source>Keymap</source>
        <translation>Tastenbelegung</translation>
    </message>
    <message>
        <source>Remove my changes</source>
        <translation>Meine Änderungen verwerfen</translation>
    </message>
    <message>
        <source>Import …</source>
        <translation>Importieren …</translation>
    </message>
    <message>
        <source>Export …</source>
        <translation>Exportieren …</translation>
    </message>
    <message>
        <source>Dragging raises the window&apos;s centre</source>
        <translation>Ziehen hebt die Fensterlage</translation>
    </message>
    <message>
        <source>upwards</source>
        <translation>nach oben</translation>
    </message>
    <message>
        <source>downwards</source>
        <translation>nach unten</translation>
    </message>
    <message>
        <source>Double click</source>
        <translation>Doppelklick</translation>
    </message>
    <message>
        <source>one image large, or all</source>
        <translation>ein Bild groß oder alle</translation>
    </message>
    <message>
        <source>does nothing</source>
        <translation>ohne Wirkung</translation>
    </message>
    <message>
        <source>Forget where windows were</source>
        <translation>Fensterplätze vergessen</translation>
    </message>
    <message>
        <source>Written: {file}</source>
        <translation>Geschrieben: {file}</translation>
    </message>
    <message>
        <source>Size of text</source>
        <translation>Schriftgröße</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>as the system</source>
        <translation>wie das System</translation>
    </message>
    <message>
        <source>{name}, my own</source>
        <translation>{name}, eigene</translation>
    </message>
    <message>
        <source>Choose a keymap</source>
        <translation>Tastenbelegung wählen</translation>
    </message>
    <message>
        <source>Keymaps (*.toml)</source>
        <translation>Tastenbelegungen (*.toml)</translation>
    </message>
    <message>
        <source>Write the keymap</source>
        <translation>Tastenbelegung schreiben</translation>
    </message>
    <message>
        <source>The language changes when the program is started again.</source>
        <translation>Die Sprache ändert sich beim nächsten Start des Programms.</translation>
    </message>
    <message>
        <source>Windows open where the system puts them, the next time they are opened.</source>
        <translation>Fenster öffnen sich beim nächsten Mal dort, wo das System sie hinlegt.</translation>
    </message>
</context>
<context>
    <name>Presence</name>
    <message>
        <source>this window is not in front</source>
        <translation>dieses Fenster ist nicht im Vordergrund</translation>
    </message>
    <message>
        <source>nothing was done for {limit}</source>
        <translation>{limit} ohne Eingabe</translation>
    </message>
</context>
<context>
    <name>Presets</name>
    <message>
        <source>auto</source>
        <translation>automatisch</translation>
    </message>
    <message>
        <source>soft tissue</source>
        <translation>Weichteile</translation>
    </message>
    <message>
        <source>lung</source>
        <translation>Lunge</translation>
    </message>
    <message>
        <source>lung field</source>
        <translation>Lungenfeld</translation>
    </message>
    <message>
        <source>bone</source>
        <translation>Knochen</translation>
    </message>
    <message>
        <source>bone detail</source>
        <translation>Knochen, Detail</translation>
    </message>
    <message>
        <source>brain</source>
        <translation>Gehirn</translation>
    </message>
    <message>
        <source>abdomen</source>
        <translation>Abdomen</translation>
    </message>
    <message>
        <source>liver</source>
        <translation>Leber</translation>
    </message>
    <message>
        <source>angio</source>
        <translation>Angio</translation>
    </message>
    <message>
        <source>full range</source>
        <translation>voller Bereich</translation>
    </message>
    <message>
        <source>as acquired</source>
        <translation>wie aufgenommen</translation>
    </message>
</context>
<context>
    <name>ProgressPanel</name>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>stopping …</source>
        <translation>wird angehalten …</translation>
    </message>
</context>
<context>
    <name>ReadersPage</name>
    <message>
        <source>What was packed and merged</source>
        <translation>Was gepackt und zusammengeführt wurde</translation>
    </message>
</context>
<context>
    <name>ReadingRoom</name>
    <message>
        <source>Reading room</source>
        <translation>Befundungsraum</translation>
    </message>
    <message>
        <source>undone</source>
        <translation>zurückgenommen</translation>
    </message>
    <message>
        <source>done again</source>
        <translation>wiederhergestellt</translation>
    </message>
    <message>
        <source>Instructions</source>
        <translation>Leseanweisung</translation>
    </message>
    <message>
        <source>Begin</source>
        <translation>Beginnen</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>Jetzt nicht</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Noch einmal versuchen</translation>
    </message>
    <message>
        <source>Leave</source>
        <translation>Verlassen</translation>
    </message>
    <message>
        <source>Finish case</source>
        <translation>Fall abschließen</translation>
    </message>
    <message>
        <source>Loading …</source>
        <translation>Wird geladen …</translation>
    </message>
    <message>
        <source>The image of this case cannot be shown.

Answer its items “not assessable”, finish the case to go on, and tell the coordinator the case code.</source>
        <translation>Das Bild dieses Falls kann nicht gezeigt werden.

Beantworten Sie die Merkmale mit „nicht beurteilbar“, schließen Sie den Fall ab und nennen Sie der Studienleitung den Fallcode.</translation>
    </message>
    <message>
        <source>{number} items unanswered.</source>
        <translation>{number} Merkmale sind offen.</translation>
    </message>
    <message>
        <source>One item unanswered.</source>
        <translation>Ein Merkmal ist offen.</translation>
    </message>
    <message>
        <source>{enter} again finishes the case, any other key goes back to it.</source>
        <translation>{enter} noch einmal schließt den Fall ab, jede andere Taste führt zurück.</translation>
    </message>
    <message>
        <source>Finish anyway</source>
        <translation>Trotzdem abschließen</translation>
    </message>
    <message>
        <source>Practice: all as expected.</source>
        <translation>Übung: alles wie erwartet.</translation>
    </message>
    <message>
        <source>Practice: {n} of {all} differ from what is expected.</source>
        <translation>Übung: {n} von {all} weichen vom Erwarteten ab.</translation>
    </message>
    <message>
        <source>Next case</source>
        <translation>Nächster Fall</translation>
    </message>
    <message>
        <source>All {n} cases read. Thank you.</source>
        <translation>Alle {n} Fälle sind gelesen. Danke.</translation>
    </message>
    <message>
        <source>The study is read</source>
        <translation>Die Studie ist gelesen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>The end of this session could not be written. Every answer that was shown as saved is saved.</source>
        <translation>Das Ende dieser Sitzung konnte nicht geschrieben werden. Jede Antwort, die als gespeichert gezeigt wurde, ist gespeichert.</translation>
    </message>
    <message>
        <source>Every answer is saved. Your journal ends with the number below. Note it: it shows later that nothing was changed.</source>
        <translation>Jede Antwort ist gespeichert. Ihr Journal endet mit der Nummer unten. Notieren Sie sie: sie zeigt später, dass nichts geändert wurde.</translation>
    </message>
    <message>
        <source>{key} answers this item</source>
        <translation>{key} beantwortet dieses Merkmal</translation>
    </message>
    <message>
        <source>the rest: absent</source>
        <translation>der Rest: nicht vorhanden</translation>
    </message>
    <message>
        <source>mark: {item}</source>
        <translation>Markierung: {item}</translation>
    </message>
    <message>
        <source>the case is flagged</source>
        <translation>der Fall ist gekennzeichnet</translation>
    </message>
    <message>
        <source>the flag is taken away</source>
        <translation>die Kennzeichnung ist entfernt</translation>
    </message>
    <message>
        <source>mark deleted</source>
        <translation>Markierung gelöscht</translation>
    </message>
    <message>
        <source>this item is answered with one of the four answer keys</source>
        <translation>dieses Merkmal wird mit einer der vier Antworttasten beantwortet</translation>
    </message>
    <message>
        <source>This could not be written to the disk, so it does not count yet. Check that the disk of the study is there and has space, then answer again.</source>
        <translation>Dies konnte nicht auf den Datenträger geschrieben werden und zählt noch nicht. Prüfen Sie, ob der Datenträger der Studie da ist und Platz hat, und antworten Sie dann noch einmal.</translation>
    </message>
    <message>
        <source>mark copied</source>
        <translation>Markierung dupliziert</translation>
    </message>
</context>
<context>
    <name>RoomSheets</name>
    <message>
        <source>Instructions</source>
        <translation>Leseanweisung</translation>
    </message>
    <message>
        <source>The protocol gives no instructions.</source>
        <translation>Das Protokoll gibt keine Anweisung.</translation>
    </message>
    <message>
        <source>Keys, mouse and preferences</source>
        <translation>Tasten, Maus und Einstellungen</translation>
    </message>
</context>
<context>
    <name>ShortcutSheet</name>
    <message>
        <source>Keys and mouse</source>
        <translation>Tasten und Maus</translation>
    </message>
    <message>
        <source>search</source>
        <translation>suchen</translation>
    </message>
    <message>
        <source>Search keys and mouse</source>
        <translation>Tasten und Maus durchsuchen</translation>
    </message>
    <message>
        <source>Nothing is called so. Try one word, or a key.</source>
        <translation>So heißt nichts. Versuchen Sie ein einzelnes Wort oder eine Taste.</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>Shift+letter</source>
        <translation>Shift+Buchstabe</translation>
    </message>
    <message>
        <source>jump to the item with that letter</source>
        <translation>zum Merkmal mit diesem Buchstaben</translation>
    </message>
    <message>
        <source>Windows of this image</source>
        <translation>Fenster dieses Bildes</translation>
    </message>
    <message>
        <source>Mouse</source>
        <translation>Maus</translation>
    </message>
    <message>
        <source>double click</source>
        <translation>Doppelklick</translation>
    </message>
    <message>
        <source>up: centre +</source>
        <translation>oben: Lage +</translation>
    </message>
    <message>
        <source>down: centre +</source>
        <translation>unten: Lage +</translation>
    </message>
    <message>
        <source>window drag</source>
        <translation>Fenster ziehen</translation>
    </message>
    <message>
        <source>right: width +</source>
        <translation>rechts: Weite +</translation>
    </message>
</context>
<context>
    <name>Stage</name>
    <message>
        <source>image {number} of {count}</source>
        <translation>Bild {number} von {count}</translation>
    </message>
</context>
<context>
    <name>StageBar</name>
    <message>
        <source>layout</source>
        <translation>Anordnung</translation>
    </message>
    <message>
        <source>linked</source>
        <translation>gekoppelt</translation>
    </message>
    <message>
        <source>linked:</source>
        <translation>gekoppelt:</translation>
    </message>
    <message>
        <source>slices</source>
        <translation>Schichten</translation>
    </message>
    <message>
        <source>window</source>
        <translation>Fenster</translation>
    </message>
    <message>
        <source>zoom</source>
        <translation>Zoom</translation>
    </message>
</context>
<context>
    <name>StartPage</name>
    <message>
        <source>Recent studies</source>
        <translation>Letzte Studien</translation>
    </message>
    <message>
        <source>Where your journal ends</source>
        <translation>Wo Ihr Journal endet</translation>
    </message>
    <message>
        <source>Open a study …</source>
        <translation>Studie öffnen …</translation>
    </message>
    <message>
        <source>Open a pack …</source>
        <translation>Paket öffnen …</translation>
    </message>
    <message>
        <source>New study …</source>
        <translation>Neue Studie …</translation>
    </message>
    <message>
        <source>Try the demo</source>
        <translation>Demo ausprobieren</translation>
    </message>
    <message>
        <source>Preferences …</source>
        <translation>Einstellungen …</translation>
    </message>
    <message>
        <source>Remove from this list</source>
        <translation>Aus der Liste nehmen</translation>
    </message>
    <message>
        <source>Close the window once more to leave the program.</source>
        <translation>Schließen Sie das Fenster noch einmal, um das Programm zu verlassen.</translation>
    </message>
    <message>
        <source>Choose a study&apos;s folder</source>
        <translation>Ordner einer Studie wählen</translation>
    </message>
    <message>
        <source>Choose a reader&apos;s pack</source>
        <translation>Paket eines Befunders wählen</translation>
    </message>
    <message>
        <source>Packs (*.pack);;All files (*)</source>
        <translation>Pakete (*.pack);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>&lt;b&gt;New study&lt;/b&gt;: choose a protocol and a cohort of images, check the counts, seal it.</source>
        <translation>&lt;b&gt;Neue Studie&lt;/b&gt;: Protokoll und Bildkohorte wählen, Anzahlen prüfen, versiegeln.</translation>
    </message>
    <message>
        <source>Each &lt;b&gt;reader&lt;/b&gt; opens it here with a passphrase and reads in a private random order.</source>
        <translation>Jeder &lt;b&gt;Befunder&lt;/b&gt; öffnet sie hier mit einer Passphrase und liest in eigener zufälliger Reihenfolge.</translation>
    </message>
    <message>
        <source>The &lt;b&gt;coordinator&lt;/b&gt; watches progress and exports agreement and prevalence tables.</source>
        <translation>Die &lt;b&gt;Studienleitung&lt;/b&gt; verfolgt den Fortschritt und exportiert Tabellen zu Übereinstimmung und Prävalenz.</translation>
    </message>
    <message>
        <source>No study on this computer yet.</source>
        <translation>Noch keine Studie auf diesem Rechner.</translation>
    </message>
    <message>
        <source>&lt;b&gt;Try the demo&lt;/b&gt; makes a small simulated study, so that you can see all three in a minute.</source>
        <translation>&lt;b&gt;Demo ausprobieren&lt;/b&gt; legt eine kleine simulierte Studie an, in der Sie alle drei in einer Minute sehen.</translation>
    </message>
    <message>
        <source>Confounder reader studies in medical imaging</source>
        <translation>Lesestudien zu Störfaktoren in der medizinischen Bildgebung</translation>
    </message>
</context>
<context>
    <name>StudyPage</name>
    <message>
        <source>About this study</source>
        <translation>Über diese Studie</translation>
    </message>
</context>
<context>
    <name>StudyState</name>
    <message>
        <source>draft, not sealed yet</source>
        <translation>Entwurf, noch nicht versiegelt</translation>
    </message>
    <message>
        <source>sealed, open for reading</source>
        <translation>versiegelt, offen zum Lesen</translation>
    </message>
    <message>
        <source>one reader&apos;s pack, open for reading</source>
        <translation>Paket eines Befunders, offen zum Lesen</translation>
    </message>
    <message>
        <source>not found: moved or deleted?</source>
        <translation>nicht gefunden: verschoben oder gelöscht?</translation>
    </message>
</context>
<context>
    <name>Tools</name>
    <message>
        <source>click points, a double click ends the line</source>
        <translation>Punkte klicken, ein Doppelklick beendet die Linie</translation>
    </message>
    <message>
        <source>draw a box</source>
        <translation>Rechteck aufziehen</translation>
    </message>
    <message>
        <source>draw a box: the window will be that of its values</source>
        <translation>Rechteck aufziehen: das Fenster richtet sich nach seinen Werten</translation>
    </message>
    <message>
        <source>draw a line by hand</source>
        <translation>Linie frei zeichnen</translation>
    </message>
    <message>
        <source>draw an arrow</source>
        <translation>Pfeil zeichnen</translation>
    </message>
    <message>
        <source>draw an ellipse</source>
        <translation>Ellipse aufziehen</translation>
    </message>
    <message>
        <source>measure a Cobb angle: one line, then the other</source>
        <translation>Cobb-Winkel messen: erst die eine, dann die andere Linie</translation>
    </message>
    <message>
        <source>measure a length</source>
        <translation>Länge messen</translation>
    </message>
    <message>
        <source>measure a region: draw an ellipse</source>
        <translation>Region messen: Ellipse aufziehen</translation>
    </message>
    <message>
        <source>measure an angle: end, vertex, end</source>
        <translation>Winkel messen: Ende, Scheitel, Ende</translation>
    </message>
</context>
<context>
    <name>TopBar</name>
    <message>
        <source>practice</source>
        <translation>Übung</translation>
    </message>
    <message>
        <source>instructions</source>
        <translation>Anweisung</translation>
    </message>
    <message>
        <source>preferences</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>shortcuts</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>leave</source>
        <translation>verlassen</translation>
    </message>
    <message>
        <source>Case</source>
        <translation>Fall</translation>
    </message>
    <message>
        <source>{read} of {count} cases read</source>
        <translation>{read} von {count} Fällen gelesen</translation>
    </message>
    <message>
        <source>{position} of {count}</source>
        <translation>{position} von {count}</translation>
    </message>
    <message>
        <source>✓ all answers saved</source>
        <translation>✓ alle Antworten gespeichert</translation>
    </message>
    <message>
        <source>✗ NOT saved</source>
        <translation>✗ NICHT gespeichert</translation>
    </message>
    <message>
        <source>paused: {why}</source>
        <translation>angehalten: {why}</translation>
    </message>
</context>
<context>
    <name>Trouble</name>
    <message>
        <source>{file} is not there any more. Choose another place, or bring it back and try again.</source>
        <translation>{file} ist nicht mehr da. Wählen Sie einen anderen Ort, oder bringen Sie es zurück und versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>{file} may not be opened or written. Choose another place, or ask who manages this computer.</source>
        <translation>{file} darf nicht geöffnet oder geschrieben werden. Wählen Sie einen anderen Ort, oder fragen Sie, wer diesen Rechner verwaltet.</translation>
    </message>
    <message>
        <source>the system refused</source>
        <translation>das System hat es verweigert</translation>
    </message>
    <message>
        <source>{file}: {why}. Is the disk full or no longer connected?</source>
        <translation>{file}: {why}. Ist der Datenträger voll oder nicht mehr verbunden?</translation>
    </message>
    <message>
        <source>There is not enough memory for this. Close other programs and try again.</source>
        <translation>Der Arbeitsspeicher reicht dafür nicht. Schließen Sie andere Programme und versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>Something went wrong that this program did not expect. What was saved before is safe. Try again; if it happens twice, send the file {file} to whoever looks after this program: it holds no patient data.</source>
        <translation>Etwas ist schiefgegangen, womit dieses Programm nicht gerechnet hat. Was vorher gespeichert wurde, ist sicher. Versuchen Sie es erneut; geschieht es zweimal, schicken Sie die Datei {file} an die Person, die dieses Programm betreut: sie enthält keine Patientendaten.</translation>
    </message>
    <message>
        <source>A file</source>
        <translation>Eine Datei</translation>
    </message>
</context>
<context>
    <name>WayIn</name>
    <message>
        <source>Open as</source>
        <translation>Öffnen als</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>Passphrase</translation>
    </message>
    <message>
        <source>passphrase</source>
        <translation>Passphrase</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Continue setting up …</source>
        <translation>Einrichtung fortsetzen …</translation>
    </message>
    <message>
        <source>Write the readings to bring back …</source>
        <translation>Lesungen zum Zurückbringen schreiben …</translation>
    </message>
    <message>
        <source>Reader: {reader}</source>
        <translation>Befunder: {reader}</translation>
    </message>
    <message>
        <source>Coordinator</source>
        <translation>Studienleitung</translation>
    </message>
    <message>
        <source>Enter the passphrase the coordinator gave you.</source>
        <translation>Geben Sie die Passphrase ein, die Sie von der Studienleitung haben.</translation>
    </message>
    <message>
        <source>Enter your passphrase first: only you can write your readings to a file.</source>
        <translation>Geben Sie zuerst Ihre Passphrase ein: nur Sie können Ihre Lesungen in eine Datei schreiben.</translation>
    </message>
    <message>
        <source>Readings to bring back</source>
        <translation>Lesungen zum Zurückbringen</translation>
    </message>
    <message>
        <source>Packs (*.pack)</source>
        <translation>Pakete (*.pack)</translation>
    </message>
    <message>
        <source>Written: {file}. Send this file to the coordinator.</source>
        <translation>Geschrieben: {file}. Schicken Sie diese Datei an die Studienleitung.</translation>
    </message>
</context>
<context>
    <name>_Row</name>
    <message>
        <source>not answered</source>
        <translation>nicht beantwortet</translation>
    </message>
    <message>
        <source>✓ as expected</source>
        <translation>✓ wie erwartet</translation>
    </message>
    <message>
        <source>✗ expected: {value}</source>
        <translation>✗ erwartet: {value}</translation>
    </message>
    <message>
        <source>in focus</source>
        <translation>aktiv</translation>
    </message>
</context>
</TS>
