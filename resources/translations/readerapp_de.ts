<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE" sourcelanguage="en_GB">
<context>
    <name>AgreementPage</name>
    <message>
        <source>Item</source>
        <translation>Merkmal</translation>
    </message>
    <message>
        <source>Present</source>
        <translation>Vorhanden</translation>
    </message>
    <message>
        <source>positive readings of all valid readings</source>
        <translation>positive unter allen gültigen Befundungen</translation>
    </message>
    <message>
        <source>Agree</source>
        <translation>Übereinst.</translation>
    </message>
    <message>
        <source>observed agreement: pairs of readings that agree</source>
        <translation>beobachtete Übereinstimmung: Anteil der übereinstimmenden Befundungspaare</translation>
    </message>
    <message>
        <source>AC1 (95 % CI)</source>
        <translation>AC1 (95-%-KI)</translation>
    </message>
    <message>
        <source>Gwet&apos;s AC1: steadier than kappa where an item is rare</source>
        <translation>AC1 nach Gwet: stabiler als Kappa, wenn ein Merkmal selten ist</translation>
    </message>
    <message>
        <source>PABAK</source>
        <translation>PABAK</translation>
    </message>
    <message>
        <source>prevalence- and bias-adjusted kappa</source>
        <translation>prävalenz- und biasadjustiertes Kappa</translation>
    </message>
    <message>
        <source>α (95 % CI)</source>
        <translation>α (95-%-KI)</translation>
    </message>
    <message>
        <source>Krippendorff&apos;s alpha, bootstrap</source>
        <translation>Krippendorffs Alpha, Bootstrap</translation>
    </message>
    <message>
        <source>Cases</source>
        <translation>Fälle</translation>
    </message>
    <message>
        <source>cases with at least one valid reading</source>
        <translation>Fälle mit mindestens einer gültigen Befundung</translation>
    </message>
    <message>
        <source>Readers</source>
        <translation>Befunder</translation>
    </message>
    <message>
        <source>Missing</source>
        <translation>Fehlend</translation>
    </message>
    <message>
        <source>asked for and left open</source>
        <translation>gefragt und offen gelassen</translation>
    </message>
    <message>
        <source>Remark</source>
        <translation>Bemerkung</translation>
    </message>
    <message>
        <source>Fleiss κ (95 % CI)</source>
        <translation>Fleiss κ (95-%-KI)</translation>
    </message>
    <message>
        <source>Fleiss&apos; kappa; interval by Gwet&apos;s linearised variance, t on patients − 1 degrees of freedom</source>
        <translation>Kappa nach Fleiss; Intervall aus der linearisierten Varianz nach Gwet, t-Verteilung mit Patienten − 1 Freiheitsgraden</translation>
    </message>
    <message>
        <source>Agree +</source>
        <translation>Übereinst. +</translation>
    </message>
    <message>
        <source>positive specific agreement: on present</source>
        <translation>positive spezifische Übereinstimmung: bei „vorhanden“</translation>
    </message>
    <message>
        <source>Agree −</source>
        <translation>Übereinst. −</translation>
    </message>
    <message>
        <source>negative specific agreement: on absent</source>
        <translation>negative spezifische Übereinstimmung: bei „nicht vorhanden“</translation>
    </message>
    <message>
        <source>●  Fleiss κ      ◇  AC1      (95 % CI)</source>
        <translation>●  Fleiss κ      ◇  AC1      (95-%-KI)</translation>
    </message>
    <message>
        <source>the line at 0 is what chance alone would give</source>
        <translation>die Linie bei 0 ist, was der Zufall allein ergäbe</translation>
    </message>
    <message>
        <source>Agreement by item</source>
        <translation>Übereinstimmung je Merkmal</translation>
    </message>
    <message>
        <source>Forest plot of agreement</source>
        <translation>Forest-Plot der Übereinstimmung</translation>
    </message>
    <message>
        <source>Disputed cases of this item …</source>
        <translation>Strittige Fälle dieses Merkmals …</translation>
    </message>
    <message>
        <source>Copy heat map</source>
        <translation>Heatmap kopieren</translation>
    </message>
    <message>
        <source>Agreement</source>
        <translation>Übereinstimmung</translation>
    </message>
    <message>
        <source>How far readers agree beyond chance, item by item. Intervals are 95 %.</source>
        <translation>Wie weit die Befunder über den Zufall hinaus übereinstimmen, je Merkmal. Alle Intervalle sind 95-%-Konfidenzintervalle.</translation>
    </message>
    <message>
        <source>Agreement is locked</source>
        <translation>Die Übereinstimmung ist gesperrt</translation>
    </message>
    <message>
        <source>Not shown for this line: choose all strata, or an item that is present or absent.</source>
        <translation>Für diese Zeile nicht dargestellt: wählen Sie alle Strata oder ein Merkmal, das vorhanden oder nicht vorhanden ist.</translation>
    </message>
    <message>
        <source>Off the diagonal: cases that both readers call present. On it: cases that the reader calls present.</source>
        <translation>Neben der Diagonale: Fälle, in denen beide Befunder „vorhanden“ sagen. Auf ihr: Fälle, in denen der Befunder „vorhanden“ sagt.</translation>
    </message>
    <message>
        <source>1 is perfect agreement, 0 what chance alone would give.</source>
        <translation>1 ist vollkommene Übereinstimmung, 0 das, was der Zufall allein ergäbe.</translation>
    </message>
    <message>
        <source>What the matrix shows</source>
        <translation>Was die Matrix zeigt</translation>
    </message>
    <message>
        <source>cases both call present</source>
        <translation>Fälle, die beide „vorhanden“ nennen</translation>
    </message>
    <message>
        <source>Cohen&apos;s κ of each pair</source>
        <translation>κ nach Cohen für jedes Paar</translation>
    </message>
    <message>
        <source>Table or forest plot</source>
        <translation>Tabelle oder Forest-Plot</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>Tabelle</translation>
    </message>
    <message>
        <source>Forest plot</source>
        <translation>Forest-Plot</translation>
    </message>
    <message>
        <source>Counts behind the line</source>
        <translation>Zahlen hinter der Zeile</translation>
    </message>
    <message>
        <source>Valid readings: {readings}; cases: {cases}; patients: {patients}; readers: {readers}</source>
        <translation>Gültige Befunde: {readings}; Fälle: {cases}; Patienten: {patients}; Befunder: {readers}</translation>
    </message>
    <message>
        <source>{uncertain} uncertain, {refused} not assessable, {missing} missing</source>
        <translation>{uncertain} unsicher, {refused} nicht beurteilbar, {missing} fehlend</translation>
    </message>
    <message>
        <source>κ, bootstrap over patients: {interval}</source>
        <translation>κ, Bootstrap über Patienten: {interval}</translation>
    </message>
    <message>
        <source>redraws without a kappa: {n}</source>
        <translation>Ziehungen ohne Kappa: {n}</translation>
    </message>
    <message>
        <source>Remark: {remark}</source>
        <translation>Bemerkung: {remark}</translation>
    </message>
</context>
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
    <name>AskingPanel</name>
    <message>
        <source>Run</source>
        <translation>Lauf</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Ask again</source>
        <translation>Erneut fragen</translation>
    </message>
</context>
<context>
    <name>BasisSection</name>
    <message>
        <source>Basis</source>
        <translation>Grundlage</translation>
    </message>
    <message>
        <source>A cohort holds the images; a protocol says what is asked of them.</source>
        <translation>Eine Kohorte enthält die Bilder; ein Protokoll legt fest, was zu ihnen gefragt wird.</translation>
    </message>
    <message>
        <source>Go on with the form you left unfinished</source>
        <translation>Mit dem angefangenen Formular weitermachen</translation>
    </message>
    <message>
        <source>Begin with</source>
        <translation>Beginnen mit</translation>
    </message>
    <message>
        <source>an empty form</source>
        <translation>leerem Formular</translation>
    </message>
    <message>
        <source>another file …</source>
        <translation>anderer Datei …</translation>
    </message>
    <message>
        <source>Protocol file</source>
        <translation>Protokolldatei</translation>
    </message>
    <message>
        <source>Cohort</source>
        <translation>Kohorte</translation>
    </message>
    <message>
        <source>folder with cohort.csv</source>
        <translation>Ordner mit cohort.csv</translation>
    </message>
    <message>
        <source>Study folder</source>
        <translation>Studienordner</translation>
    </message>
    <message>
        <source>a new folder for the study</source>
        <translation>ein neuer Ordner für die Studie</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>Titel</translation>
    </message>
    <message>
        <source>shown to readers and on every export</source>
        <translation>für Befunder und auf jedem Export sichtbar</translation>
    </message>
    <message>
        <source>Instructions to readers</source>
        <translation>Anweisung für die Befunder</translation>
    </message>
    <message>
        <source>A case is</source>
        <translation>Ein Fall ist</translation>
    </message>
    <message>
        <source>one image</source>
        <translation>ein Bild</translation>
    </message>
    <message>
        <source>all images of a study</source>
        <translation>alle Bilder einer Untersuchung</translation>
    </message>
    <message>
        <source>all images of a patient</source>
        <translation>alle Bilder eines Patienten</translation>
    </message>
    <message>
        <source>Instructions</source>
        <translation>Befundungsanweisung</translation>
    </message>
</context>
<context>
    <name>BiasPage</name>
    <message>
        <source>Item</source>
        <translation>Merkmal</translation>
    </message>
    <message>
        <source>Cochran&apos;s Q</source>
        <translation>Cochrans Q</translation>
    </message>
    <message>
        <source>do readers differ in how often they say present; complete cases only</source>
        <translation>unterscheiden sich die Befunder darin, wie oft sie „vorhanden“ sagen; nur vollständige Fälle</translation>
    </message>
    <message>
        <source>df</source>
        <translation>FG</translation>
    </message>
    <message>
        <source>p</source>
        <translation>p</translation>
    </message>
    <message>
        <source>of Cochran&apos;s Q; cases are taken as independent, and items are not corrected for</source>
        <translation>zu Cochrans Q; Fälle gelten als unabhängig, keine Korrektur für mehrere Merkmale</translation>
    </message>
    <message>
        <source>Complete</source>
        <translation>Vollständig</translation>
    </message>
    <message>
        <source>cases all readers answered</source>
        <translation>Fälle, die alle Befunder beantwortet haben</translation>
    </message>
    <message>
        <source>Light κ</source>
        <translation>Light κ</translation>
    </message>
    <message>
        <source>mean of the pairwise kappas</source>
        <translation>Mittel der paarweisen Kappa-Werte</translation>
    </message>
    <message>
        <source>Conger κ</source>
        <translation>Conger κ</translation>
    </message>
    <message>
        <source>Remark</source>
        <translation>Bemerkung</translation>
    </message>
    <message>
        <source>Reader</source>
        <translation>Befunder</translation>
    </message>
    <message>
        <source>●  difference</source>
        <translation>●  Differenz</translation>
    </message>
    <message>
        <source>the reader&apos;s prevalence less the mean of the others on the same cases, in percentage points; right of the line: says present more often</source>
        <translation>Prävalenz bei diesem Befunder minus Mittel der anderen in denselben Fällen, in Prozentpunkten; rechts der Linie: sagt häufiger „vorhanden“</translation>
    </message>
    <message>
        <source>Points (95 % CI)</source>
        <translation>Punkte (95-%-KI)</translation>
    </message>
    <message>
        <source>Present / others</source>
        <translation>Vorh. / andere</translation>
    </message>
    <message>
        <source>Without</source>
        <translation>Ohne</translation>
    </message>
    <message>
        <source>agreement of the other readers</source>
        <translation>Übereinstimmung der übrigen Befunder</translation>
    </message>
    <message>
        <source>●  κ</source>
        <translation>●  κ</translation>
    </message>
    <message>
        <source>κ (95 % CI)</source>
        <translation>κ (95-%-KI)</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>Änderung</translation>
    </message>
    <message>
        <source>against the kappa of all readers: above 0, the others agree better among themselves</source>
        <translation>gegenüber dem Kappa aller Befunder: über 0 stimmen die übrigen untereinander besser überein</translation>
    </message>
    <message>
        <source>{bias} ({low} to {high})</source>
        <translation>{bias} ({low} bis {high})</translation>
    </message>
    <message>
        <source>Do readers differ, by item</source>
        <translation>Unterschiede zwischen Befundern, je Merkmal</translation>
    </message>
    <message>
        <source>Bias of each reader</source>
        <translation>Bias jedes Befunders</translation>
    </message>
    <message>
        <source>Agreement without each reader</source>
        <translation>Übereinstimmung ohne den jeweiligen Befunder</translation>
    </message>
    <message>
        <source>Copy plots</source>
        <translation>Grafiken kopieren</translation>
    </message>
    <message>
        <source>Reader bias</source>
        <translation>Befunder-Bias</translation>
    </message>
    <message>
        <source>Who calls an item present more often than the others, and how agreement is without them.</source>
        <translation>Wer ein Merkmal häufiger „vorhanden“ nennt als die anderen, und wie die Übereinstimmung ohne diesen Befunder ist.</translation>
    </message>
    <message>
        <source>Reader bias is locked</source>
        <translation>Der Befunder-Bias ist gesperrt</translation>
    </message>
    <message>
        <source>Cochran&apos;s Q = {q} with {df} degrees of freedom, p {p} over {n} cases that all readers answered.</source>
        <translation>Cochrans Q = {q} mit {df} Freiheitsgraden, p {p}, aus {n} Fällen, die alle Befunder beantwortet haben.</translation>
    </message>
</context>
<context>
    <name>Captions</name>
    <message>
        <source>mean of {n} slices</source>
        <translation>Mittel aus {n} Schichten</translation>
    </message>
    <message>
        <source>maximum of {n} slices</source>
        <translation>Maximum aus {n} Schichten</translation>
    </message>
    <message>
        <source>{value}, this slice alone</source>
        <translation>{value}, nur diese Schicht</translation>
    </message>
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
        <source>floating point</source>
        <translation>Gleitkomma</translation>
    </message>
    <message>
        <source>at the detector, not calibrated</source>
        <translation>am Detektor, nicht kalibriert</translation>
    </message>
    <message>
        <source>SYNTHETIC</source>
        <translation>SYNTHETISCH</translation>
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
        <translation>nur Forschung, nicht zur Diagnose</translation>
    </message>
    <message>
        <source>slice {number} of {count}</source>
        <translation>Schicht {number} von {count}</translation>
    </message>
    <message>
        <source>simulated</source>
        <translation>simuliert</translation>
    </message>
    <message>
        <source>synthetic</source>
        <translation>synthetisch</translation>
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
    <name>CaseAnswers</name>
    <message>
        <source>done again</source>
        <translation>wiederhergestellt</translation>
    </message>
    <message>
        <source>Your answers are locked. Confirm or change each one with the explanation in view; {key} hides it.</source>
        <translation>Ihre Antworten sind gesperrt. Bestätigen oder ändern Sie jede mit der Erklärung vor Augen; {key} blendet sie aus.</translation>
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
        <source>(confirmed)</source>
        <translation>(bestätigt)</translation>
    </message>
    <message>
        <source>(changed)</source>
        <translation>(geändert)</translation>
    </message>
    <message>
        <source>the rest: as before</source>
        <translation>der Rest: wie vorher</translation>
    </message>
    <message>
        <source>the rest: absent</source>
        <translation>der Rest: nicht vorhanden</translation>
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
        <source>{key} answers this item</source>
        <translation>{key} beantwortet dieses Merkmal</translation>
    </message>
    <message>
        <source>undone</source>
        <translation>zurückgenommen</translation>
    </message>
    <message>
        <source>this item is answered with one of the four answer keys</source>
        <translation>dieses Merkmal wird mit einer der vier Antworttasten beantwortet</translation>
    </message>
</context>
<context>
    <name>CaseExplanation</name>
    <message>
        <source>The explanation of this case cannot be shown. Confirm your answers and tell the coordinator.</source>
        <translation>Die Erklärung zu diesem Fall kann nicht gezeigt werden. Bestätigen Sie Ihre Antworten und sagen Sie es der Koordination.</translation>
    </message>
    <message>
        <source>there is no explanation to show</source>
        <translation>hier gibt es keine Erklärung zu zeigen</translation>
    </message>
</context>
<context>
    <name>CaseFetcher</name>
    <message>
        <source>Loading …</source>
        <translation>Wird geladen …</translation>
    </message>
    <message>
        <source>Loading …  {percent} %</source>
        <translation>Wird geladen …  {percent} %</translation>
    </message>
    <message>
        <source>The image of this case cannot be shown.

Answer its items “not assessable”, finish the case to go on, and tell the coordinator the case code.</source>
        <translation>Das Bild dieses Falls kann nicht gezeigt werden.

Beantworten Sie die Merkmale mit „nicht beurteilbar“, schließen Sie den Fall ab und nennen Sie der Studienleitung den Fallcode.</translation>
    </message>
</context>
<context>
    <name>CaseMarks</name>
    <message>
        <source>mark: {item}</source>
        <translation>Markierung: {item}</translation>
    </message>
    <message>
        <source>mark copied</source>
        <translation>Markierung dupliziert</translation>
    </message>
    <message>
        <source>mark deleted</source>
        <translation>Markierung gelöscht</translation>
    </message>
</context>
<context>
    <name>CasePicker</name>
    <message>
        <source>Choose a case of the cohort</source>
        <translation>Fall der Kohorte wählen</translation>
    </message>
    <message>
        <source>Search image or finding</source>
        <translation>Bild oder Befund suchen</translation>
    </message>
    <message>
        <source>image, view or finding</source>
        <translation>Bild, Projektion oder Befund</translation>
    </message>
    <message>
        <source>Images of the cohort</source>
        <translation>Bilder der Kohorte</translation>
    </message>
    <message>
        <source>Preview of the case</source>
        <translation>Vorschau des Falls</translation>
    </message>
    <message>
        <source>Choose</source>
        <translation>Wählen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>{found} of {all} images</source>
        <translation>{found} von {all} Bildern</translation>
    </message>
    <message>
        <source>{found} of {all} images; the first {shown} are listed: search for others</source>
        <translation>{found} von {all} Bildern; die ersten {shown} sind aufgeführt: suchen Sie nach anderen</translation>
    </message>
    <message>
        <source>An image that readers read as a case would tell its answer: choose one that they do not read.</source>
        <translation>Ein Bild, das als Fall befundet wird, verriete seine Antwort: Wählen Sie eines, das nicht befundet wird.</translation>
    </message>
</context>
<context>
    <name>CaseViewing</name>
    <message>
        <source>▶ {rate} images/s</source>
        <translation>▶ {rate} Bilder/s</translation>
    </message>
    <message>
        <source>true size: the image or the screen does not say how large its pixels are</source>
        <translation>Originalgröße: Bild oder Bildschirm sagt nicht, wie groß die Bildpunkte sind</translation>
    </message>
    <message>
        <source>marks and measurements lie on slices as acquired: go back to that plane first</source>
        <translation>Markierungen und Messungen liegen auf Schichten wie aufgenommen: zuerst in diese Ebene zurückgehen</translation>
    </message>
    <message>
        <source>the brush changes its size while it is in hand</source>
        <translation>die Größe des Pinsels ändert sich, solange er in der Hand ist</translation>
    </message>
    <message>
        <source>this case has one image</source>
        <translation>dieser Fall hat nur ein Bild</translation>
    </message>
    <message>
        <source>no images of this case can be linked so</source>
        <translation>keine Bilder dieses Falls lassen sich so koppeln</translation>
    </message>
    <message>
        <source>the slices of this stack cannot be shown as a slab</source>
        <translation>die Schichten dieses Stapels lassen sich nicht als Slab zeigen</translation>
    </message>
    <message>
        <source>this is one image, not a stack</source>
        <translation>dies ist ein Einzelbild, kein Stapel</translation>
    </message>
    <message>
        <source>the image brings no window of its own</source>
        <translation>das Bild bringt kein eigenes Fenster mit</translation>
    </message>
</context>
<context>
    <name>CasesSection</name>
    <message>
        <source>Cases</source>
        <translation>Fälle</translation>
    </message>
    <message>
        <source>Without a diagnosis below, every case that meets the filter is read. Rare diagnoses come first.</source>
        <translation>Ohne Diagnose unten wird jeder Fall befundet, auf den der Filter zutrifft. Seltene Diagnosen werden zuerst gezogen.</translation>
    </message>
    <message>
        <source>Filter, for every image</source>
        <translation>Filter, für jedes Bild</translation>
    </message>
    <message>
        <source>Seed of the sample</source>
        <translation>Startwert der Stichprobe</translation>
    </message>
    <message>
        <source>Diagnoses, with a number of cases each</source>
        <translation>Diagnosen mit der jeweiligen Fallzahl</translation>
    </message>
    <message>
        <source>Add a diagnosis</source>
        <translation>Diagnose hinzufügen</translation>
    </message>
    <message>
        <source>Practice</source>
        <translation>Übung</translation>
    </message>
    <message>
        <source>Begin with practice cases: read first, with feedback, never analysed</source>
        <translation>Mit Übungsfällen beginnen: zuerst befundet, mit Rückmeldung, nie ausgewertet</translation>
    </message>
    <message>
        <source>Practice cases</source>
        <translation>Übungsfälle</translation>
    </message>
    <message>
        <source>Seed of the practice cases</source>
        <translation>Startwert der Übungsfälle</translation>
    </message>
    <message>
        <source>Feedback from labels of the cohort that have an item&apos;s id</source>
        <translation>Rückmeldung aus Labels der Kohorte, die die Kennung eines Merkmals tragen</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <source>Only images where</source>
        <translation>Nur Bilder, bei denen</translation>
    </message>
</context>
<context>
    <name>ChangesPage</name>
    <message>
        <source>Changed answers by item and reader</source>
        <translation>Geänderte Antworten nach Merkmal und Befunder</translation>
    </message>
    <message>
        <source>Agreement before and after</source>
        <translation>Übereinstimmung vorher und nachher</translation>
    </message>
    <message>
        <source>Time in view by reader</source>
        <translation>Zeit im Blick nach Befunder</translation>
    </message>
    <message>
        <source>Changes, agreement or time in view</source>
        <translation>Änderungen, Übereinstimmung oder Zeit im Blick</translation>
    </message>
    <message>
        <source>Changes</source>
        <translation>Änderungen</translation>
    </message>
    <message>
        <source>Agreement</source>
        <translation>Übereinstimmung</translation>
    </message>
    <message>
        <source>Time in view</source>
        <translation>Zeit im Blick</translation>
    </message>
    <message>
        <source>Explanations</source>
        <translation>Erklärungen</translation>
    </message>
    <message>
        <source>Answers with an explanation in view against the same reader&apos;s locked answers without it: ○ absent, ● present, ◐ uncertain. What changes as often in a sham arm, the explanation has not changed.</source>
        <translation>Antworten mit einer Erklärung vor Augen gegen die gesperrten Antworten desselben Befunders ohne sie: ○ nicht vorhanden, ● vorhanden, ◐ unsicher. Was sich unter einer Scheinerklärung ebenso oft ändert, hat nicht die Erklärung geändert.</translation>
    </message>
    <message>
        <source>What explanations changed is locked</source>
        <translation>Was Erklärungen geändert haben, ist gesperrt</translation>
    </message>
    <message>
        <source>Item</source>
        <translation>Merkmal</translation>
    </message>
    <message>
        <source>n</source>
        <translation>n</translation>
    </message>
    <message>
        <source>answered before and after</source>
        <translation>vorher und nachher beantwortet</translation>
    </message>
    <message>
        <source>from absent to present</source>
        <translation>von nicht vorhanden zu vorhanden</translation>
    </message>
    <message>
        <source>from present to absent</source>
        <translation>von vorhanden zu nicht vorhanden</translation>
    </message>
    <message>
        <source>to uncertain</source>
        <translation>zu unsicher</translation>
    </message>
    <message>
        <source>from uncertain to anything else</source>
        <translation>von unsicher zu etwas anderem</translation>
    </message>
    <message>
        <source>other</source>
        <translation>andere</translation>
    </message>
    <message>
        <source>to or from not assessable; any change of an item with options</source>
        <translation>zu oder von nicht beurteilbar; jede Änderung eines Merkmals mit Auswahl</translation>
    </message>
    <message>
        <source>●  changed (95 % CI)</source>
        <translation>●  geändert (95-%-KI)</translation>
    </message>
    <message>
        <source>Changed</source>
        <translation>Geändert</translation>
    </message>
    <message>
        <source>Cohen κ</source>
        <translation>Cohens κ</translation>
    </message>
    <message>
        <source>of the answers before with those after, present against absent</source>
        <translation>der Antworten vorher mit denen nachher, vorhanden gegen nicht vorhanden</translation>
    </message>
    <message>
        <source>open</source>
        <translation>offen</translation>
    </message>
    <message>
        <source>answered only once</source>
        <translation>nur einmal beantwortet</translation>
    </message>
    <message>
        <source>κ before</source>
        <translation>κ vorher</translation>
    </message>
    <message>
        <source>Fleiss&apos; kappa of the readers on the cases that were explained, unaided</source>
        <translation>Fleiss’ Kappa der Befunder in den erklärten Fällen, ohne Hilfe</translation>
    </message>
    <message>
        <source>κ after</source>
        <translation>κ nachher</translation>
    </message>
    <message>
        <source>Change (95 % CI)</source>
        <translation>Änderung (95-%-KI)</translation>
    </message>
    <message>
        <source>interval: bootstrap over patients, the same draws before and after</source>
        <translation>Intervall: Bootstrap über Patienten, vorher und nachher dieselben Ziehungen</translation>
    </message>
    <message>
        <source>Cases</source>
        <translation>Fälle</translation>
    </message>
    <message>
        <source>Shown, times a case</source>
        <translation>Gezeigt, Male je Fall</translation>
    </message>
    <message>
        <source>In view, median (s)</source>
        <translation>Im Blick, Median (s)</translation>
    </message>
    <message>
        <source>In view, sum (s)</source>
        <translation>Im Blick, Summe (s)</translation>
    </message>
    <message>
        <source>At work, sum (s)</source>
        <translation>Bei der Arbeit, Summe (s)</translation>
    </message>
    <message>
        <source>after the lock, time away left out</source>
        <translation>nach der Sperre, ohne Abwesenheit</translation>
    </message>
    <message>
        <source>Reader</source>
        <translation>Befunder</translation>
    </message>
</context>
<context>
    <name>Checks</name>
    <message>
        <source>draft</source>
        <translation>Entwurf</translation>
    </message>
    <message>
        <source>seal</source>
        <translation>Siegel</translation>
    </message>
    <message>
        <source>cohort</source>
        <translation>Kohorte</translation>
    </message>
    <message>
        <source>images</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>items</source>
        <translation>Merkmale</translation>
    </message>
    <message>
        <source>exemplars</source>
        <translation>Beispielbilder</translation>
    </message>
    <message>
        <source>readers</source>
        <translation>Befunder</translation>
    </message>
    <message>
        <source>order</source>
        <translation>Reihenfolge</translation>
    </message>
    <message>
        <source>cases and order</source>
        <translation>Fälle und Reihenfolge</translation>
    </message>
    <message>
        <source>explanations</source>
        <translation>Erklärungen</translation>
    </message>
    <message>
        <source>passphrases</source>
        <translation>Passphrasen</translation>
    </message>
    <message>
        <source>practice</source>
        <translation>Übung</translation>
    </message>
    <message>
        <source>cases</source>
        <translation>Fälle</translation>
    </message>
    <message>
        <source>stratum {name}</source>
        <translation>Stratum {name}</translation>
    </message>
</context>
<context>
    <name>Choices</name>
    <message>
        <source>all</source>
        <translation>alle</translation>
    </message>
    <message>
        <source>left out</source>
        <translation>ausgeschlossen</translation>
    </message>
    <message>
        <source>counted as present</source>
        <translation>zählt als vorhanden</translation>
    </message>
    <message>
        <source>counted as absent</source>
        <translation>zählt als nicht vorhanden</translation>
    </message>
    <message>
        <source>Stratum</source>
        <translation>Stratum</translation>
    </message>
    <message>
        <source>Arm</source>
        <translation>Arm</translation>
    </message>
    <message>
        <source>Uncertain</source>
        <translation>Unsicher</translation>
    </message>
</context>
<context>
    <name>CohortBrowser</name>
    <message>
        <source>Split</source>
        <translation>Teilmenge</translation>
    </message>
    <message>
        <source>Sex</source>
        <translation>Geschlecht</translation>
    </message>
    <message>
        <source>Race</source>
        <translation>Race</translation>
    </message>
    <message>
        <source>View</source>
        <translation>Aufnahme</translation>
    </message>
    <message>
        <source>Site</source>
        <translation>Ort</translation>
    </message>
    <message>
        <source>Modality</source>
        <translation>Modalität</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>Befund</translation>
    </message>
    <message>
        <source>What the label says</source>
        <translation>Was zum Befund steht</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suche</translation>
    </message>
    <message>
        <source>search: image, patient, study</source>
        <translation>Suche: Bild, Patient, Studie</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Leeren</translation>
    </message>
    <message>
        <source>Counts by</source>
        <translation>Anzahlen nach</translation>
    </message>
    <message>
        <source>Labels by group</source>
        <translation>Befunde nach Gruppe</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>Schritt</translation>
    </message>
    <message>
        <source>How it was made</source>
        <translation>Entstehung</translation>
    </message>
    <message>
        <source>Parts of the page</source>
        <translation>Teile der Seite</translation>
    </message>
    <message>
        <source>all</source>
        <translation>alle</translation>
    </message>
    <message>
        <source>not given</source>
        <translation>ohne Angabe</translation>
    </message>
    <message>
        <source>any</source>
        <translation>beliebig</translation>
    </message>
    <message>
        <source>{images} of {all} images, {patients} patients</source>
        <translation>{images} von {all} Bildern, {patients} Patienten</translation>
    </message>
    <message>
        <source>No image of {all} meets all filters; Clear shows them again.</source>
        <translation>Keines von {all} Bildern erfüllt alle Filter; „Leeren“ zeigt sie wieder.</translation>
    </message>
    <message>
        <source>left out: {reason}</source>
        <translation>ausgelassen: {reason}</translation>
    </message>
    <message>
        <source>Made by the adapter {name}.</source>
        <translation>Erstellt vom Adapter {name}.</translation>
    </message>
    <message>
        <source>Nothing was left out.</source>
        <translation>Nichts wurde ausgelassen.</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>Patients</source>
        <translation>Patienten</translation>
    </message>
    <message>
        <source>Published, or examples</source>
        <translation>Veröffentlicht, oder Beispiele</translation>
    </message>
    <message>
        <source>is</source>
        <translation>ist</translation>
    </message>
    <message>
        <source>Images with the label present, of those where it is present or absent, by</source>
        <translation>Bilder mit vorhandenem Befund, von denen mit Angabe vorhanden oder nicht, nach</translation>
    </message>
    <message>
        <source>Counts</source>
        <translation>Anzahlen</translation>
    </message>
</context>
<context>
    <name>CohortsPage</name>
    <message>
        <source>Cohorts</source>
        <translation>Kohorten</translation>
    </message>
    <message>
        <source>Open a cohort …</source>
        <translation>Kohorte öffnen …</translation>
    </message>
    <message>
        <source>Import …</source>
        <translation>Importieren …</translation>
    </message>
    <message>
        <source>Simulate …</source>
        <translation>Simulieren …</translation>
    </message>
    <message>
        <source>Imagine …</source>
        <translation>Vorstellen …</translation>
    </message>
    <message>
        <source>Remove from this list</source>
        <translation>Aus dieser Liste entfernen</translation>
    </message>
    <message>
        <source>No cohort yet: import one, or simulate one to try the lab.</source>
        <translation>Noch keine Kohorte: Importieren Sie eine, oder simulieren Sie eine, um das Labor auszuprobieren.</translation>
    </message>
    <message>
        <source>Choose a cohort&apos;s folder</source>
        <translation>Ordner einer Kohorte wählen</translation>
    </message>
</context>
<context>
    <name>Condition</name>
    <message>
        <source>Column of the cohort</source>
        <translation>Spalte der Kohorte</translation>
    </message>
    <message>
        <source>Relation</source>
        <translation>Bedingung</translation>
    </message>
    <message>
        <source>is</source>
        <translation>ist</translation>
    </message>
    <message>
        <source>is not</source>
        <translation>ist nicht</translation>
    </message>
    <message>
        <source>is at least</source>
        <translation>ist mindestens</translation>
    </message>
    <message>
        <source>is at most</source>
        <translation>ist höchstens</translation>
    </message>
    <message>
        <source>Values</source>
        <translation>Werte</translation>
    </message>
    <message>
        <source>one value, or several with commas</source>
        <translation>ein Wert oder mehrere, mit Komma getrennt</translation>
    </message>
    <message>
        <source>empty</source>
        <translation>leer</translation>
    </message>
</context>
<context>
    <name>Conditions</name>
    <message>
        <source>Add a condition</source>
        <translation>Bedingung hinzufügen</translation>
    </message>
</context>
<context>
    <name>CounterfactualPage</name>
    <message>
        <source>Counterfactuals</source>
        <translation>Kontrafaktisch</translation>
    </message>
    <message>
        <source>Open an image in the viewer, or a file.</source>
        <translation>Ein Bild im Betrachter öffnen, oder eine Datei.</translation>
    </message>
    <message>
        <source>No image is open.</source>
        <translation>Kein Bild ist geöffnet.</translation>
    </message>
    <message>
        <source>loading …</source>
        <translation>wird geladen …</translation>
    </message>
    <message>
        <source>No run draws counterfactuals yet.</source>
        <translation>Noch kein Lauf zeichnet kontrafaktische Bilder.</translation>
    </message>
    <message>
        <source>Train a run of the task diffusion, then a probe with its folder as the run whose features are used and with the target findings.</source>
        <translation>Trainieren Sie einen Lauf der Aufgabe diffusion, dann einen der Aufgabe probe mit dessen Ordner als Lauf, dessen Merkmale genutzt werden, und mit dem Ziel findings.</translation>
    </message>
    <message>
        <source>drawing in full, about {time} …</source>
        <translation>wird vollständig gezeichnet, etwa {time} …</translation>
    </message>
    <message>
        <source>drawing in full …</source>
        <translation>wird vollständig gezeichnet …</translation>
    </message>
    <message>
        <source>drawing a preview …</source>
        <translation>eine Vorschau wird gezeichnet …</translation>
    </message>
    <message>
        <source>asking the model …</source>
        <translation>das Modell wird gefragt …</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>abgebrochen</translation>
    </message>
    <message>
        <source>nothing is drawn yet</source>
        <translation>noch ist nichts gezeichnet</translation>
    </message>
    <message>
        <source>PNG picture</source>
        <translation>PNG-Bild</translation>
    </message>
    <message>
        <source>DICOM, derived</source>
        <translation>DICOM, abgeleitet</translation>
    </message>
    <message>
        <source>Save the picture</source>
        <translation>Bild speichern</translation>
    </message>
    <message>
        <source>saved as {path}</source>
        <translation>gespeichert als {path}</translation>
    </message>
    <message>
        <source>What is imagined, and how far</source>
        <translation>Was gezeichnet wird, und wie weit</translation>
    </message>
</context>
<context>
    <name>CounterfactualPanel</name>
    <message>
        <source>Run</source>
        <translation>Lauf</translation>
    </message>
    <message>
        <source>Direction</source>
        <translation>Richtung</translation>
    </message>
    <message>
        <source>towards the finding</source>
        <translation>zum Befund hin</translation>
    </message>
    <message>
        <source>away from the finding</source>
        <translation>vom Befund weg</translation>
    </message>
    <message>
        <source>Findings</source>
        <translation>Befunde</translation>
    </message>
    <message>
        <source>Draw in full</source>
        <translation>Vollständig zeichnen</translation>
    </message>
    <message>
        <source>All findings</source>
        <translation>Alle Befunde</translation>
    </message>
    <message>
        <source>Save the picture …</source>
        <translation>Bild speichern …</translation>
    </message>
    <message>
        <source>A cohort of them …</source>
        <translation>Eine Kohorte davon …</translation>
    </message>
    <message>
        <source>Difference to the reconstruction: grey is none, the last colours are −{scale} and +{scale} of the grey range.</source>
        <translation>Unterschied zur Rekonstruktion: Grau ist keiner, die letzten Farben sind −{scale} und +{scale} des Graubereichs.</translation>
    </message>
    <message>
        <source>In full it takes about {time}.</source>
        <translation>Vollständig dauert es etwa {time}.</translation>
    </message>
    <message>
        <source>Drawn in full</source>
        <translation>Vollständig gezeichnet</translation>
    </message>
    <message>
        <source>One finding</source>
        <translation>Ein Befund</translation>
    </message>
    <message>
        <source>{name}: reconstruction, amplitude 0</source>
        <translation>{name}: Rekonstruktion, Amplitude 0</translation>
    </message>
    <message>
        <source>{name}: amplitude {amplitude}</source>
        <translation>{name}: Amplitude {amplitude}</translation>
    </message>
    <message>
        <source>preview, 20 + 20 steps</source>
        <translation>Vorschau, 20 + 20 Schritte</translation>
    </message>
    <message>
        <source>in full</source>
        <translation>vollständig</translation>
    </message>
    <message>
        <source>The image&apos;s own code: p = {p}; its reconstruction, read again: {seen}.</source>
        <translation>Code des Bildes selbst: p = {p}; seine Rekonstruktion, erneut gelesen: {seen}.</translation>
    </message>
    <message>
        <source>Wanted p = {wanted}; the drawing, read again: {drawn}; {share} of the change confirmed.</source>
        <translation>Gewollt p = {wanted}; die Zeichnung, erneut gelesen: {drawn}; {share} der Änderung bestätigt.</translation>
    </message>
    <message>
        <source>Finding</source>
        <translation>Befund</translation>
    </message>
    <message>
        <source>Truth</source>
        <translation>Wahrheit</translation>
    </message>
    <message>
        <source>What the cohort says</source>
        <translation>Was die Kohorte sagt</translation>
    </message>
    <message>
        <source>Amplitude</source>
        <translation>Amplitude</translation>
    </message>
    <message>
        <source>darker</source>
        <translation>dunkler</translation>
    </message>
    <message>
        <source>brighter</source>
        <translation>heller</translation>
    </message>
    <message>
        <source>Arrow</source>
        <translation>Pfeil</translation>
    </message>
    <message>
        <source>Star</source>
        <translation>Stern</translation>
    </message>
    <message>
        <source>Box</source>
        <translation>Rechteck</translation>
    </message>
    <message>
        <source>hold: reconstruction</source>
        <translation>halten: Rekonstruktion</translation>
    </message>
    <message>
        <source>more</source>
        <translation>mehr</translation>
    </message>
    <message>
        <source>less</source>
        <translation>weniger</translation>
    </message>
    <message>
        <source>next finding</source>
        <translation>nächster Befund</translation>
    </message>
    <message>
        <source>direction</source>
        <translation>Richtung</translation>
    </message>
    <message>
        <source>all findings</source>
        <translation>alle Befunde</translation>
    </message>
    <message>
        <source>arrow</source>
        <translation>Pfeil</translation>
    </message>
    <message>
        <source>star</source>
        <translation>Stern</translation>
    </message>
    <message>
        <source>box</source>
        <translation>Rechteck</translation>
    </message>
</context>
<context>
    <name>CounterfactualViews</name>
    <message>
        <source>original</source>
        <translation>Original</translation>
    </message>
    <message>
        <source>reconstruction</source>
        <translation>Rekonstruktion</translation>
    </message>
    <message>
        <source>preview</source>
        <translation>Vorschau</translation>
    </message>
    <message>
        <source>counterfactual</source>
        <translation>kontrafaktisch</translation>
    </message>
    <message>
        <source>difference, −{scale} to +{scale} of the grey range</source>
        <translation>Unterschied, −{scale} bis +{scale} des Graubereichs</translation>
    </message>
</context>
<context>
    <name>CurvesView</name>
    <message>
        <source>Learning curves</source>
        <translation>Lernkurven</translation>
    </message>
    <message>
        <source>{reader}: from {first} to {last} a case</source>
        <translation>{reader}: von {first} auf {last} je Fall</translation>
    </message>
    <message>
        <source>Reader</source>
        <translation>Befunder</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>Platz</translation>
    </message>
    <message>
        <source>Seconds</source>
        <translation>Sekunden</translation>
    </message>
    <message>
        <source>Nobody has finished a case yet.</source>
        <translation>Noch niemand hat einen Fall abgeschlossen.</translation>
    </message>
    <message>
        <source>cases read, in each reader&apos;s own order</source>
        <translation>befundete Fälle, in der eigenen Reihenfolge jedes Befunders</translation>
    </message>
</context>
<context>
    <name>DemoHint</name>
    <message>
        <source>Demonstration study on simulated images. Passphrases, shown for the demo only:</source>
        <translation>Demonstrationsstudie mit simulierten Bildern. Passphrasen, nur in der Demo gezeigt:</translation>
    </message>
    <message>
        <source>Without explanations: {why}</source>
        <translation>Ohne Erklärungen: {why}</translation>
    </message>
</context>
<context>
    <name>Desk</name>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Flags</source>
        <translation>Kennzeichnungen</translation>
    </message>
    <message>
        <source>Agreement</source>
        <translation>Übereinstimmung</translation>
    </message>
    <message>
        <source>Prevalence</source>
        <translation>Prävalenz</translation>
    </message>
    <message>
        <source>Reader bias</source>
        <translation>Befunder-Bias</translation>
    </message>
    <message>
        <source>Disputes</source>
        <translation>Strittige Fälle</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Export</translation>
    </message>
    <message>
        <source>Packs</source>
        <translation>Pakete</translation>
    </message>
    <message>
        <source>Study</source>
        <translation>Studie</translation>
    </message>
    <message>
        <source>Pages of the desk</source>
        <translation>Seiten der Studienleitung</translation>
    </message>
    <message>
        <source>‹ Leave the desk</source>
        <translation>‹ Studie verlassen</translation>
    </message>
    <message>
        <source>Explanations</source>
        <translation>Erklärungen</translation>
    </message>
    <message>
        <source>Real images</source>
        <translation>Echte Bilder</translation>
    </message>
    <message>
        <source>COORDINATOR</source>
        <translation>STUDIENLEITUNG</translation>
    </message>
</context>
<context>
    <name>DisputesPage</name>
    <message>
        <source>Disputes are locked</source>
        <translation>Die strittigen Fälle sind gesperrt</translation>
    </message>
    <message>
        <source>Open disputed cases</source>
        <translation>Strittige Fälle öffnen</translation>
    </message>
    <message>
        <source>Disputed cases</source>
        <translation>Strittige Fälle</translation>
    </message>
    <message>
        <source>‹ Previous  Ctrl+↑</source>
        <translation>‹ Voriger  Ctrl+↑</translation>
    </message>
    <message>
        <source>Next  Ctrl+↓ ›</source>
        <translation>Nächster  Ctrl+↓ ›</translation>
    </message>
    <message>
        <source>any two readers</source>
        <translation>zwei beliebige Befunder</translation>
    </message>
    <message>
        <source>{a} and {b}</source>
        <translation>{a} und {b}</translation>
    </message>
    <message>
        <source>Case</source>
        <translation>Fall</translation>
    </message>
    <message>
        <source>Arm</source>
        <translation>Arm</translation>
    </message>
    <message>
        <source>Adjudicated</source>
        <translation>Adjudiziert</translation>
    </message>
    <message>
        <source>They agree in every case that two of them answered.</source>
        <translation>In jedem Fall, den zwei von ihnen beantwortet haben, stimmen sie überein.</translation>
    </message>
    <message>
        <source>1 disputed case</source>
        <translation>1 strittiger Fall</translation>
    </message>
    <message>
        <source>{n} disputed cases</source>
        <translation>{n} strittige Fälle</translation>
    </message>
    <message>
        <source>No disputed case</source>
        <translation>Kein strittiger Fall</translation>
    </message>
    <message>
        <source>loading …</source>
        <translation>wird geladen …</translation>
    </message>
    <message>
        <source>Item</source>
        <translation>Merkmal</translation>
    </message>
    <message>
        <source>Between whom</source>
        <translation>Zwischen wem</translation>
    </message>
    <message>
        <source>Cases on which readers differ, without their names. That they were opened is recorded.</source>
        <translation>Fälle, in denen Befunder voneinander abweichen, ohne ihre Namen. Dass sie geöffnet wurden, wird protokolliert.</translation>
    </message>
    <message>
        <source>Disputes</source>
        <translation>Strittige Fälle</translation>
    </message>
    <message>
        <source>Choose an item and open its disputed cases.</source>
        <translation>Wählen Sie ein Merkmal und öffnen Sie seine strittigen Fälle.</translation>
    </message>
    <message>
        <source>unanswered</source>
        <translation>unbeantwortet</translation>
    </message>
    <message>
        <source>neither</source>
        <translation>keines von beiden</translation>
    </message>
    <message>
        <source>   (1 mark)</source>
        <translation>   (1 Markierung)</translation>
    </message>
    <message>
        <source>   ({n} marks)</source>
        <translation>   ({n} Markierungen)</translation>
    </message>
</context>
<context>
    <name>EngineCall</name>
    <message>
        <source>The engine could not be started: {why}</source>
        <translation>Die Engine konnte nicht gestartet werden: {why}</translation>
    </message>
    <message>
        <source>The engine ended with code {code}. {last}</source>
        <translation>Die Engine endete mit Code {code}. {last}</translation>
    </message>
</context>
<context>
    <name>ExemplarField</name>
    <message>
        <source>Example images of the item</source>
        <translation>Beispielbilder des Merkmals</translation>
    </message>
    <message>
        <source>File …</source>
        <translation>Datei …</translation>
    </message>
    <message>
        <source>Example image from a file</source>
        <translation>Beispielbild aus einer Datei</translation>
    </message>
    <message>
        <source>Case …</source>
        <translation>Fall …</translation>
    </message>
    <message>
        <source>Example image from a case of the cohort</source>
        <translation>Beispielbild aus einem Fall der Kohorte</translation>
    </message>
    <message>
        <source>Take off</source>
        <translation>Wegnehmen</translation>
    </message>
    <message>
        <source>Preview of the example image</source>
        <translation>Vorschau des Beispielbilds</translation>
    </message>
    <message>
        <source>Shown beside the question, {n} at most; frozen without names by the seal.</source>
        <translation>Neben der Frage gezeigt, höchstens {n}; das Siegel friert sie ohne Namen ein.</translation>
    </message>
    <message>
        <source>There are {n}, as many as a reader sees: take one off to choose another.</source>
        <translation>Es sind {n}, so viele wie man beim Befunden sieht: Nehmen Sie eines weg, um ein anderes zu wählen.</translation>
    </message>
    <message>
        <source>Shown beside the question, {n} at most. Cases can be chosen once the cohort is named.</source>
        <translation>Neben der Frage gezeigt, höchstens {n}. Fälle können gewählt werden, sobald die Kohorte genannt ist.</translation>
    </message>
    <message>
        <source>Images (*.dcm *.png *.jpg *.jpeg *.nii *.nii.gz);;All files (*)</source>
        <translation>Bilder (*.dcm *.png *.jpg *.jpeg *.nii *.nii.gz);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Choose example images</source>
        <translation>Beispielbilder wählen</translation>
    </message>
    <message>
        <source>Example images</source>
        <translation>Beispielbilder</translation>
    </message>
</context>
<context>
    <name>ExplainedArm</name>
    <message>
        <source>Name of the arm</source>
        <translation>Name des Arms</translation>
    </message>
    <message>
        <source>name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>aided</source>
        <translation>mit Erklärung</translation>
    </message>
    <message>
        <source>sham</source>
        <translation>Scheinerklärung</translation>
    </message>
    <message>
        <source>Explanation</source>
        <translation>Erklärung</translation>
    </message>
    <message>
        <source>occlusion</source>
        <translation>Okklusion</translation>
    </message>
    <message>
        <source>counterfactual</source>
        <translation>kontrafaktisch</translation>
    </message>
    <message>
        <source>Finding it explains</source>
        <translation>Befund, den sie erklärt</translation>
    </message>
    <message>
        <source>finding, or: item</source>
        <translation>Befund, oder: item</translation>
    </message>
    <message>
        <source>A class of the run; “item” explains, for each item, the finding that the item names.</source>
        <translation>Eine Klasse des Laufs; „item“ erklärt zu jedem Merkmal den Befund, den das Merkmal nennt.</translation>
    </message>
    <message>
        <source>Run of the model</source>
        <translation>Lauf des Modells</translation>
    </message>
    <message>
        <source>run folder</source>
        <translation>Ordner des Laufs</translation>
    </message>
    <message>
        <source>Share of each reader&apos;s cases</source>
        <translation>Anteil der Fälle jedes Befunders</translation>
    </message>
</context>
<context>
    <name>ExplanationPanel</name>
    <message>
        <source>Grad-CAM</source>
        <translation>Grad-CAM</translation>
    </message>
    <message>
        <source>Occlusion, preview</source>
        <translation>Verdeckung, Vorschau</translation>
    </message>
    <message>
        <source>Occlusion</source>
        <translation>Verdeckung</translation>
    </message>
    <message>
        <source>Grad-CAM of random weights</source>
        <translation>Grad-CAM zufälliger Gewichte</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Lauf</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>Verfahren</translation>
    </message>
    <message>
        <source>Beside it</source>
        <translation>Daneben</translation>
    </message>
    <message>
        <source>Show the map  (G)</source>
        <translation>Karte zeigen  (G)</translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation>Deckkraft</translation>
    </message>
    <message>
        <source>Threshold</source>
        <translation>Schwelle</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>Farben</translation>
    </message>
    <message>
        <source>What the model says</source>
        <translation>Was das Modell sagt</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keiner</translation>
    </message>
    <message>
        <source>Truth</source>
        <translation>wahr</translation>
    </message>
    <message>
        <source>What the cohort says</source>
        <translation>Was die Kohorte sagt</translation>
    </message>
    <message>
        <source>Fewer than 20 images of known truth got a probability near it: no interval.</source>
        <translation>Weniger als 20 Bilder mit bekannter Wahrheit haben eine ähnliche Wahrscheinlichkeit: kein Intervall.</translation>
    </message>
    <message>
        <source>Of {n} images that got a probability near it, {share} were positive (95 % CI {low} to {high}).</source>
        <translation>Von {n} Bildern mit ähnlicher Wahrscheinlichkeit waren {share} positiv (95-%-KI {low} bis {high}).</translation>
    </message>
    <message>
        <source>Finding</source>
        <translation>Befund</translation>
    </message>
    <message>
        <source>{name}: p = {p}</source>
        <translation>{name}: p = {p}</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>nichts</translation>
    </message>
    <message>
        <source>less</source>
        <translation>weniger</translation>
    </message>
    <message>
        <source>more</source>
        <translation>mehr</translation>
    </message>
    <message>
        <source>G map · S beside · N next finding · C colours · Shift+PgUp/PgDn opacity</source>
        <translation>G Karte · S daneben · N nächster Befund · C Farben · Shift+PgUp/PgDn Deckkraft</translation>
    </message>
</context>
<context>
    <name>ExportPage</name>
    <message>
        <source>Folder to export to</source>
        <translation>Zielordner des Exports</translation>
    </message>
    <message>
        <source>Choose …</source>
        <translation>Wählen …</translation>
    </message>
    <message>
        <source>Choose the folder to export to</source>
        <translation>Zielordner des Exports wählen</translation>
    </message>
    <message>
        <source>Export everything</source>
        <translation>Alles exportieren</translation>
    </message>
    <message>
        <source>Open the report</source>
        <translation>Bericht öffnen</translation>
    </message>
    <message>
        <source>Open the folder</source>
        <translation>Ordner öffnen</translation>
    </message>
    <message>
        <source>Files of the export; Enter opens one</source>
        <translation>Dateien des Exports; Enter öffnet eine</translation>
    </message>
    <message>
        <source>Nothing exported yet in this sitting.</source>
        <translation>In dieser Sitzung wurde noch nichts exportiert.</translation>
    </message>
    <message>
        <source>{why}, on the page Agreement.</source>
        <translation>{why}, auf der Seite „Übereinstimmung“.</translation>
    </message>
    <message>
        <source>Choose a folder for the export</source>
        <translation>Ordner für den Export wählen</translation>
    </message>
    <message>
        <source>Choose a folder first.</source>
        <translation>Wählen Sie zuerst einen Ordner.</translation>
    </message>
    <message>
        <source>{n} files in {folder}</source>
        <translation>{n} Dateien in {folder}</translation>
    </message>
    <message>
        <source>Tables, figures, a report and raw files, ready for a manuscript.</source>
        <translation>Tabellen, Abbildungen, ein Bericht und Rohdaten, fertig für ein Manuskript.</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Export</translation>
    </message>
    <message>
        <source>A PDF report to attach to a manuscript; agreement and prevalence tables (CSV, LaTeX, HTML), Tables 1 and 2, concordance and forest plots (SVG, PNG); raw readings long and wide with a codebook, times, and the journal.</source>
        <translation>Ein PDF-Bericht als Anhang zum Manuskript; Tabellen zu Übereinstimmung und Prävalenz (CSV, LaTeX, HTML), Tabellen 1 und 2, Konkordanz- und Forest-Plots (SVG, PNG); Rohdaten der Befundungen im Lang- und Breitformat mit Codebuch, Zeiten und das Journal.</translation>
    </message>
    <message>
        <source>The raw files hold case and patient identifiers of the cohort: treat the folder as you treat the cohort. The report names cases and patients only where the protocol&apos;s own filter does.</source>
        <translation>Die Rohdaten enthalten Fall- und Patientenkennungen der Kohorte: behandeln Sie den Ordner wie die Kohorte selbst. Der Bericht nennt Fälle und Patienten nur, wo der Filter des Protokolls es tut.</translation>
    </message>
    <message>
        <source>{n} bytes</source>
        <translation>{n} Byte</translation>
    </message>
</context>
<context>
    <name>FilePreview</name>
    <message>
        <source>Loading …</source>
        <translation>Wird geladen …</translation>
    </message>
    <message>
        <source>This file cannot be read as an image: {why}</source>
        <translation>Diese Datei ist nicht als Bild lesbar: {why}</translation>
    </message>
</context>
<context>
    <name>FilterField</name>
    <message>
        <source>Filter rows</source>
        <translation>Zeilen filtern</translation>
    </message>
    <message>
        <source>filter rows  (Ctrl+F)</source>
        <translation>filtern  (Ctrl+F)</translation>
    </message>
</context>
<context>
    <name>FindingsGrid</name>
    <message>
        <source>All findings</source>
        <translation>Alle Befunde</translation>
    </message>
    <message>
        <source>reconstruction</source>
        <translation>Rekonstruktion</translation>
    </message>
    <message>
        <source>p {before} → {drawn}</source>
        <translation>p {before} → {drawn}</translation>
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
        <source>in the reader&apos;s own order</source>
        <translation>in der eigenen Reihenfolge des Befunders</translation>
    </message>
    <message>
        <source>Comment</source>
        <translation>Kommentar</translation>
    </message>
    <message>
        <source>Copy table</source>
        <translation>Tabelle kopieren</translation>
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
    <message>
        <source>Reading the journal</source>
        <translation>Journal wird gelesen</translation>
    </message>
</context>
<context>
    <name>FrozenColumn</name>
    <message>
        <source>First column</source>
        <translation>Erste Spalte</translation>
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
</context>
<context>
    <name>ImagePage</name>
    <message>
        <source>‹ Previous</source>
        <translation>‹ Voriges</translation>
    </message>
    <message>
        <source>Next ›</source>
        <translation>Nächstes ›</translation>
    </message>
    <message>
        <source>Open a file …</source>
        <translation>Datei …</translation>
    </message>
    <message>
        <source>Open an image</source>
        <translation>Bild öffnen</translation>
    </message>
</context>
<context>
    <name>ImageTable</name>
    <message>
        <source>Images of the cohort</source>
        <translation>Bilder der Kohorte</translation>
    </message>
</context>
<context>
    <name>ImagesModel</name>
    <message>
        <source>Picture</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Patient</source>
        <translation>Patient</translation>
    </message>
    <message>
        <source>Split</source>
        <translation>Teilmenge</translation>
    </message>
    <message>
        <source>Sex</source>
        <translation>Geschlecht</translation>
    </message>
    <message>
        <source>Age</source>
        <translation>Alter</translation>
    </message>
    <message>
        <source>Race</source>
        <translation>Race</translation>
    </message>
    <message>
        <source>View</source>
        <translation>Aufnahme</translation>
    </message>
    <message>
        <source>Site</source>
        <translation>Ort</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>Befunde</translation>
    </message>
</context>
<context>
    <name>ImagineForm</name>
    <message>
        <source>Imagine a cohort</source>
        <translation>Eine Kohorte vorstellen</translation>
    </message>
    <message>
        <source>Images without any finding, as a run imagines them with one: what readers look at in step 1.</source>
        <translation>Bilder ohne Befund, wie ein Lauf sie sich mit einem vorstellt: was Befunder in Schritt 1 ansehen.</translation>
    </message>
    <message>
        <source>Imagine</source>
        <translation>Vorstellen</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Lauf</translation>
    </message>
    <message>
        <source>Real images</source>
        <translation>Echte Bilder</translation>
    </message>
    <message>
        <source>Split</source>
        <translation>Teilmenge</translation>
    </message>
    <message>
        <source>Cases of each finding, at most</source>
        <translation>Fälle je Befund, höchstens</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <source>How far</source>
        <translation>Wie weit</translation>
    </message>
    <message>
        <source>Amplitude or probability</source>
        <translation>Amplitude oder Wahrscheinlichkeit</translation>
    </message>
    <message>
        <source>Quality</source>
        <translation>Güte</translation>
    </message>
    <message>
        <source>in full, 250 + 200 steps</source>
        <translation>in voller Güte, 250 + 200 Schritte</translation>
    </message>
    <message>
        <source>preview, 20 + 20 steps</source>
        <translation>Vorschau, 20 + 20 Schritte</translation>
    </message>
    <message>
        <source>Plan step 1 …</source>
        <translation>Schritt 1 planen …</translation>
    </message>
    <message>
        <source>Choose a head of findings on a diffusion run; the page Training makes one.</source>
        <translation>Wählen Sie einen Befundkopf auf einem Diffusionslauf; die Seite Training erstellt einen.</translation>
    </message>
    <message>
        <source>Choose the cohort whose images are taken; import or simulate one first.</source>
        <translation>Wählen Sie die Kohorte, deren Bilder genommen werden; Import oder Simulation erstellt eine.</translation>
    </message>
    <message>
        <source>Tick at least one finding to imagine.</source>
        <translation>Haken Sie mindestens einen Befund an.</translation>
    </message>
    <message>
        <source>A probability lies between 0 and 1.</source>
        <translation>Eine Wahrscheinlichkeit liegt zwischen 0 und 1.</translation>
    </message>
    <message>
        <source>An amplitude of 0 changes nothing: give another one.</source>
        <translation>Eine Amplitude von 0 ändert nichts: geben Sie eine andere an.</translation>
    </message>
    <message>
        <source>No run draws counterfactuals yet.</source>
        <translation>Noch kein Lauf zeichnet kontrafaktische Bilder.</translation>
    </message>
    <message>
        <source>Images without any finding: {images}. Patients they are of: {patients}; of each, one image is taken.</source>
        <translation>Bilder ohne Befund: {images}. Patienten, von denen sie sind: {patients}; von jedem wird eines genommen.</translation>
    </message>
    <message>
        <source>{cohort} is made. Next: plan step 1, a study in which readers say what each counterfactual has and its reconstruction has not.</source>
        <translation>{cohort} ist erstellt. Als Nächstes: Schritt 1 planen, eine Studie, in der Befunder sagen, was jedes kontrafaktische Bild hat und seine Rekonstruktion nicht.</translation>
    </message>
    <message>
        <source>test</source>
        <translation>Test</translation>
    </message>
    <message>
        <source>validation</source>
        <translation>Validierung</translation>
    </message>
    <message>
        <source>training</source>
        <translation>Training</translation>
    </message>
    <message>
        <source>any split</source>
        <translation>jede Teilmenge</translation>
    </message>
    <message>
        <source>as the paper&apos;s released code</source>
        <translation>wie der veröffentlichte Code</translation>
    </message>
    <message>
        <source>as the paper&apos;s text</source>
        <translation>wie der Text der Arbeit</translation>
    </message>
    <message>
        <source>by an amplitude</source>
        <translation>um eine Amplitude</translation>
    </message>
    <message>
        <source>to a probability</source>
        <translation>bis zu einer Wahrscheinlichkeit</translation>
    </message>
    <message>
        <source>Findings to imagine</source>
        <translation>Befunde, die vorgestellt werden</translation>
    </message>
    <message>
        <source>Findings</source>
        <translation>Befunde</translation>
    </message>
    <message>
        <source>Cases of each, at most</source>
        <translation>Fälle je Befund, höchstens</translation>
    </message>
    <message>
        <source>New cohort</source>
        <translation>Neue Kohorte</translation>
    </message>
</context>
<context>
    <name>ImportForm</name>
    <message>
        <source>a folder of DICOM, NIfTI, PNG or JPEG files, or a DICOMDIR</source>
        <translation>ein Ordner mit DICOM-, NIfTI-, PNG- oder JPEG-Dateien oder ein DICOMDIR</translation>
    </message>
    <message>
        <source>a table, and a column map that says what its columns mean</source>
        <translation>eine Tabelle und eine Spaltenzuordnung, die sagt, was ihre Spalten bedeuten</translation>
    </message>
    <message>
        <source>Import a cohort</source>
        <translation>Kohorte importieren</translation>
    </message>
    <message>
        <source>From a dataset as it is published, a folder of images, or a table.</source>
        <translation>Aus einem veröffentlichten Datensatz, einem Ordner mit Bildern oder einer Tabelle.</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>Importieren</translation>
    </message>
    <message>
        <source>Dataset</source>
        <translation>Datensatz</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>Quelle</translation>
    </message>
    <message>
        <source>folder as it was downloaded</source>
        <translation>Ordner, wie er heruntergeladen wurde</translation>
    </message>
    <message>
        <source>Demographics</source>
        <translation>Demografie</translation>
    </message>
    <message>
        <source>table or folder</source>
        <translation>Tabelle oder Ordner</translation>
    </message>
    <message>
        <source>Column map</source>
        <translation>Spaltenzuordnung</translation>
    </message>
    <message>
        <source>TOML file</source>
        <translation>TOML-Datei</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>Zeilen</translation>
    </message>
    <message>
        <source>Seed of the split</source>
        <translation>Startwert der Aufteilung</translation>
    </message>
    <message>
        <source>New cohort</source>
        <translation>Neue Kohorte</translation>
    </message>
    <message>
        <source>Choose the folder or table to import.</source>
        <translation>Wählen Sie den Ordner oder die Tabelle zum Importieren.</translation>
    </message>
    <message>
        <source>needed: {files}</source>
        <translation>nötig: {files}</translation>
    </message>
    <message>
        <source>Choose the source</source>
        <translation>Quelle wählen</translation>
    </message>
    <message>
        <source>Choose a table</source>
        <translation>Tabelle wählen</translation>
    </message>
</context>
<context>
    <name>ItemEditor</name>
    <message>
        <source>Question</source>
        <translation>Frage</translation>
    </message>
    <message>
        <source>what the reader sees</source>
        <translation>was der Befunder sieht</translation>
    </message>
    <message>
        <source>Id</source>
        <translation>Kennung</translation>
    </message>
    <message>
        <source>name in tables: letters, digits, _</source>
        <translation>Name in Tabellen: Buchstaben, Ziffern, _</translation>
    </message>
    <message>
        <source>present, absent, uncertain, not assessable</source>
        <translation>vorhanden, nicht vorhanden, unsicher, nicht beurteilbar</translation>
    </message>
    <message>
        <source>one of several options</source>
        <translation>eine von mehreren Optionen</translation>
    </message>
    <message>
        <source>any of several options</source>
        <translation>beliebig viele von mehreren Optionen</translation>
    </message>
    <message>
        <source>one of ordered options</source>
        <translation>eine von geordneten Optionen</translation>
    </message>
    <message>
        <source>free text</source>
        <translation>Freitext</translation>
    </message>
    <message>
        <source>Answers</source>
        <translation>Antworten</translation>
    </message>
    <message>
        <source>Options</source>
        <translation>Optionen</translation>
    </message>
    <message>
        <source>options, with commas between</source>
        <translation>Optionen, mit Komma getrennt</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>Gruppe</translation>
    </message>
    <message>
        <source>Letter</source>
        <translation>Buchstabe</translation>
    </message>
    <message>
        <source>with Shift; given where empty</source>
        <translation>mit Shift; leer: automatisch</translation>
    </message>
    <message>
        <source>Reading instructions</source>
        <translation>Anweisung zum Befunden</translation>
    </message>
    <message>
        <source>what counts as present; shown beside the question</source>
        <translation>was als vorhanden gilt; steht neben der Frage</translation>
    </message>
    <message>
        <source>Finding</source>
        <translation>Befund</translation>
    </message>
    <message>
        <source>class of a network that explains this item</source>
        <translation>Klasse eines Netzes, die dieses Merkmal erklärt</translation>
    </message>
    <message>
        <source>Instructions</source>
        <translation>Befundungsanweisung</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>Code</translation>
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
    <message>
        <source>Rest as before</source>
        <translation>Rest wie vorher</translation>
    </message>
</context>
<context>
    <name>ItemsSection</name>
    <message>
        <source>Items</source>
        <translation>Merkmale</translation>
    </message>
    <message>
        <source>Every item is asked of every case, whatever its diagnosis: a list of its own would unblind.</source>
        <translation>Jedes Merkmal wird in jedem Fall gefragt, gleich welcher Diagnose: eine eigene Liste würde die Verblindung aufheben.</translation>
    </message>
    <message>
        <source>Items of the study</source>
        <translation>Merkmale der Studie</translation>
    </message>
    <message>
        <source>Own item</source>
        <translation>Eigenes Merkmal</translation>
    </message>
    <message>
        <source>Move the item up</source>
        <translation>Merkmal nach oben</translation>
    </message>
    <message>
        <source>Move the item down</source>
        <translation>Merkmal nach unten</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Asked in this order</source>
        <translation>In dieser Reihenfolge gefragt</translation>
    </message>
    <message>
        <source>As a reader sees it</source>
        <translation>So sieht es der Befunder</translation>
    </message>
    <message>
        <source>The letter {key} is asked for by {items}: each item needs its own, or none.</source>
        <translation>Den Buchstaben {key} verlangen {items}: jedes Merkmal braucht einen eigenen oder keinen.</translation>
    </message>
    <message>
        <source>Tick items of the vocabulary, or add your own.</source>
        <translation>Kreuzen Sie Merkmale des Vokabulars an oder fügen Sie eigene hinzu.</translation>
    </message>
    <message>
        <source>Shown when question, id and options are there.</source>
        <translation>Erscheint, sobald Frage, Kennung und Optionen ausgefüllt sind.</translation>
    </message>
    <message>
        <source>Preview of the item</source>
        <translation>Vorschau des Merkmals</translation>
    </message>
    <message>
        <source>Finish case</source>
        <translation>Fall abschließen</translation>
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
        <translation>Befundungsanweisung</translation>
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
        <source>three planes of a stack, or one</source>
        <translation>drei Ebenen eines Stapels oder eine</translation>
    </message>
    <message>
        <source>next plane of a stack</source>
        <translation>nächste Ebene eines Stapels</translation>
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
        <source>star for the item in focus</source>
        <translation>Stern für das aktive Merkmal</translation>
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
        <source>paint a region for the item in focus</source>
        <translation>Bereich malen für das aktive Merkmal</translation>
    </message>
    <message>
        <source>erase from a painted region</source>
        <translation>von einem gemalten Bereich radieren</translation>
    </message>
    <message>
        <source>wider brush</source>
        <translation>Pinsel breiter</translation>
    </message>
    <message>
        <source>finer brush</source>
        <translation>Pinsel feiner</translation>
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
        <source>show or hide the explanation</source>
        <translation>Erklärung zeigen oder ausblenden</translation>
    </message>
    <message>
        <source>explanation more strongly</source>
        <translation>Erklärung kräftiger</translation>
    </message>
    <message>
        <source>explanation more weakly</source>
        <translation>Erklärung schwächer</translation>
    </message>
    <message>
        <source>cancel (never closes a case)</source>
        <translation>abbrechen (schließt nie einen Fall)</translation>
    </message>
    <message>
        <source>Counterfactuals</source>
        <translation>Kontrafaktisch</translation>
    </message>
    <message>
        <source>hold for the reconstruction in the counterfactual&apos;s place</source>
        <translation>halten: Rekonstruktion an der Stelle des kontrafaktischen Bildes</translation>
    </message>
    <message>
        <source>next finding</source>
        <translation>nächster Befund</translation>
    </message>
    <message>
        <source>previous finding</source>
        <translation>voriger Befund</translation>
    </message>
    <message>
        <source>towards the finding, or away from it</source>
        <translation>zum Befund hin, oder von ihm weg</translation>
    </message>
    <message>
        <source>all findings, or one</source>
        <translation>alle Befunde, oder einer</translation>
    </message>
    <message>
        <source>draw in full</source>
        <translation>vollständig zeichnen</translation>
    </message>
    <message>
        <source>save the picture</source>
        <translation>Bild speichern</translation>
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
    <message>
        <source>size of the brush in hand</source>
        <translation>Größe des Pinsels in der Hand</translation>
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
    <name>Lab</name>
    <message>
        <source>The lab needs the engine, which is not installed here: pip install &apos;readerapp[engine]&apos;. Everything else works without it.</source>
        <translation>Das Labor braucht die Engine, die hier nicht installiert ist: pip install &apos;readerapp[engine]&apos;. Alles andere geht ohne sie.</translation>
    </message>
    <message>
        <source>Cohorts</source>
        <translation>Kohorten</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>Training</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>Ergebnisse</translation>
    </message>
    <message>
        <source>Viewer</source>
        <translation>Betrachter</translation>
    </message>
    <message>
        <source>Counterfactuals</source>
        <translation>Kontrafaktisch</translation>
    </message>
    <message>
        <source>Pages of the lab</source>
        <translation>Seiten des Labors</translation>
    </message>
    <message>
        <source>‹ Leave the lab</source>
        <translation>‹ Labor verlassen</translation>
    </message>
    <message>
        <source>LAB</source>
        <translation>LABOR</translation>
    </message>
</context>
<context>
    <name>LockedNotice</name>
    <message>
        <source>Reason for looking early</source>
        <translation>Grund für die vorzeitige Einsicht</translation>
    </message>
    <message>
        <source>reason, for example: interim look planned in the protocol, version 2, section 4</source>
        <translation>Grund, zum Beispiel: im Protokoll vorgesehene Zwischenauswertung, Version 2, Abschnitt 4</translation>
    </message>
    <message>
        <source>Look early and record the reason</source>
        <translation>Vorzeitig einsehen und Grund protokollieren</translation>
    </message>
    <message>
        <source>Write at least {n} characters: a later reader has to understand why.</source>
        <translation>Schreiben Sie mindestens {n} Zeichen: wer es später liest, muss den Grund verstehen.</translation>
    </message>
    <message>
        <source>Every reader has to finish first. Whoever knows the running agreement can, without meaning to, influence the readers who are still at work; a reviewer will ask.</source>
        <translation>Zuerst müssen alle Befunder fertig sein. Wer die laufende Übereinstimmung kennt, kann die noch arbeitenden Befunder beeinflussen, ohne es zu wollen; Gutachter werden danach fragen.</translation>
    </message>
    <message>
        <source>If there is a reason to look now, write it down: it goes into the journal with the time, for good.</source>
        <translation>Gibt es einen Grund, jetzt schon hineinzusehen, schreiben Sie ihn auf: er steht mit Uhrzeit dauerhaft im Journal.</translation>
    </message>
</context>
<context>
    <name>MakingForm</name>
    <message>
        <source>Folder of the new cohort</source>
        <translation>Ordner der neuen Kohorte</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>‹ Back to the cohorts</source>
        <translation>‹ Zurück zu den Kohorten</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Here stands in the end what was read, and what was left out and why.</source>
        <translation>Hier steht am Ende, was gelesen wurde und was warum ausgelassen wurde.</translation>
    </message>
    <message>
        <source>What the engine said</source>
        <translation>Was die Engine sagte</translation>
    </message>
    <message>
        <source>Choose a folder for the new cohort.</source>
        <translation>Wählen Sie einen Ordner für die neue Kohorte.</translation>
    </message>
    <message>
        <source>stopping …</source>
        <translation>wird angehalten …</translation>
    </message>
    <message>
        <source>Stopped as you asked: no cohort was made.</source>
        <translation>Wie gewünscht angehalten: Es wurde keine Kohorte angelegt.</translation>
    </message>
    <message>
        <source>What the cohort is made of</source>
        <translation>Woraus die Kohorte entsteht</translation>
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
        <source>star</source>
        <translation>Stern</translation>
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
    <message>
        <source>painted region</source>
        <translation>gemalter Bereich</translation>
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
    <name>MatrixView</name>
    <message>
        <source>Readers against readers</source>
        <translation>Befunder gegen Befunder</translation>
    </message>
    <message>
        <source>{a} and {b}: {value}</source>
        <translation>{a} und {b}: {value}</translation>
    </message>
    <message>
        <source>Click to see the cases on which they differ.</source>
        <translation>Ein Klick zeigt die Fälle, in denen sie abweichen.</translation>
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
    <name>Metrics</name>
    <message>
        <source>{metric}, training</source>
        <translation>{metric}, Training</translation>
    </message>
    <message>
        <source>{metric}, validation</source>
        <translation>{metric}, Validierung</translation>
    </message>
    <message>
        <source>{metric}, test</source>
        <translation>{metric}, Test</translation>
    </message>
    <message>
        <source>mean AUC</source>
        <translation>mittlere AUC</translation>
    </message>
    <message>
        <source>loss</source>
        <translation>Verlust</translation>
    </message>
    <message>
        <source>accuracy</source>
        <translation>Genauigkeit</translation>
    </message>
    <message>
        <source>AUC of {name}</source>
        <translation>AUC von {name}</translation>
    </message>
</context>
<context>
    <name>NewStudy</name>
    <message>
        <source>Choose a protocol</source>
        <translation>Protokoll wählen</translation>
    </message>
    <message>
        <source>Protocols (*.toml)</source>
        <translation>Protokolle (*.toml)</translation>
    </message>
    <message>
        <source>Choose a cohort&apos;s folder</source>
        <translation>Ordner einer Kohorte wählen</translation>
    </message>
    <message>
        <source>Name a new folder for the study</source>
        <translation>Neuen Ordner für die Studie angeben</translation>
    </message>
    <message>
        <source>✓ {n} of {available} available</source>
        <translation>✓ {n} von {available} verfügbaren</translation>
    </message>
    <message>
        <source>! {n}: all of the {available} available</source>
        <translation>! {n}: alle {available} verfügbaren</translation>
    </message>
    <message>
        <source>, {n} are of patients of an earlier one</source>
        <translation>, {n} gehören zu Patienten einer früheren</translation>
    </message>
    <message>
        <source>Choose the folder of a run</source>
        <translation>Ordner eines Laufs wählen</translation>
    </message>
</context>
<context>
    <name>NewStudyPage</name>
    <message>
        <source>Choose a protocol and a cohort: the counts appear here at once.</source>
        <translation>Wählen Sie Protokoll und Kohorte: die Anzahlen erscheinen sofort hier.</translation>
    </message>
    <message>
        <source>Basis</source>
        <translation>Grundlage</translation>
    </message>
    <message>
        <source>Cases</source>
        <translation>Fälle</translation>
    </message>
    <message>
        <source>Items</source>
        <translation>Merkmale</translation>
    </message>
    <message>
        <source>Readers</source>
        <translation>Befunder</translation>
    </message>
    <message>
        <source>Reading</source>
        <translation>Befundung</translation>
    </message>
    <message>
        <source>Workload</source>
        <translation>Aufwand</translation>
    </message>
    <message>
        <source>Check and seal</source>
        <translation>Prüfen und versiegeln</translation>
    </message>
    <message>
        <source>Pages of the form</source>
        <translation>Seiten des Formulars</translation>
    </message>
    <message>
        <source>Create the draft</source>
        <translation>Entwurf anlegen</translation>
    </message>
    <message>
        <source>‹ Back to start</source>
        <translation>‹ Zurück zum Start</translation>
    </message>
    <message>
        <source>New study</source>
        <translation>Neue Studie</translation>
    </message>
    <message>
        <source>The form that was kept cannot be read any more; begin a new one.</source>
        <translation>Das aufbewahrte Formular ist nicht mehr lesbar; beginnen Sie ein neues.</translation>
    </message>
    <message>
        <source>Save the draft</source>
        <translation>Entwurf speichern</translation>
    </message>
    <message>
        <source>Now choose a folder for the study.</source>
        <translation>Wählen Sie jetzt einen Ordner für die Studie.</translation>
    </message>
    <message>
        <source>; and {n} more</source>
        <translation>; und {n} weitere</translation>
    </message>
    <message>
        <source>Untitled</source>
        <translation>Ohne Titel</translation>
    </message>
    <message>
        <source>&lt;b&gt;{title}&lt;/b&gt;: {cases} cases of {patients} patients{practice}; {items} items; {readers}</source>
        <translation>&lt;b&gt;{title}&lt;/b&gt;: {cases} Fälle von {patients} Patienten{practice}; {items} Merkmale; {readers}</translation>
    </message>
    <message>
        <source>{n} readers ({names})</source>
        <translation>{n} Befunder ({names})</translation>
    </message>
    <message>
        <source>, and {n} practice cases</source>
        <translation> und {n} Übungsfälle</translation>
    </message>
    <message>
        <source>no reader yet</source>
        <translation>noch kein Befunder</translation>
    </message>
    <message>
        <source>{total} readings ({one} a reader, {repeats} hidden repeats), about {hours} hours in all</source>
        <translation>{total} Befundungen ({one} je Befunder, {repeats} verdeckte Wiederholungen), zusammen etwa {hours} Stunden</translation>
    </message>
    <message>
        <source>{name}: {n} cases</source>
        <translation>{name}: {n} Fälle</translation>
    </message>
    <message>
        <source> of the {wanted} asked for: all there are</source>
        <translation> von {wanted} gewünschten: mehr gibt es nicht</translation>
    </message>
</context>
<context>
    <name>Operations</name>
    <message>
        <source>Looking at recent studies</source>
        <translation>Letzte Studien werden angesehen</translation>
    </message>
    <message>
        <source>Opening the study</source>
        <translation>Studie wird geöffnet</translation>
    </message>
    <message>
        <source>Opening the reading room</source>
        <translation>Befundungsraum wird geöffnet</translation>
    </message>
    <message>
        <source>Opening the desk</source>
        <translation>Seiten der Studienleitung werden geöffnet</translation>
    </message>
    <message>
        <source>Opening the lab</source>
        <translation>Labor wird geöffnet</translation>
    </message>
    <message>
        <source>Reading the protocol</source>
        <translation>Protokoll wird gelesen</translation>
    </message>
    <message>
        <source>Counting cases</source>
        <translation>Fälle werden gezählt</translation>
    </message>
    <message>
        <source>Planning step 1</source>
        <translation>Schritt 1 wird geplant</translation>
    </message>
    <message>
        <source>Choosing real images</source>
        <translation>Echte Bilder werden ausgewählt</translation>
    </message>
    <message>
        <source>Writing the protocol</source>
        <translation>Protokoll wird geschrieben</translation>
    </message>
    <message>
        <source>Looking at the cohort&apos;s images</source>
        <translation>Bilder der Kohorte werden gesichtet</translation>
    </message>
    <message>
        <source>Creating the study</source>
        <translation>Studie wird angelegt</translation>
    </message>
    <message>
        <source>Changing the draft</source>
        <translation>Entwurf wird geändert</translation>
    </message>
    <message>
        <source>Checking the draft</source>
        <translation>Entwurf wird geprüft</translation>
    </message>
    <message>
        <source>Sealing the study</source>
        <translation>Studie wird versiegelt</translation>
    </message>
    <message>
        <source>Verifying seal, images and journal</source>
        <translation>Siegel, Bilder und Journal werden geprüft</translation>
    </message>
    <message>
        <source>Working out the tables</source>
        <translation>Tabellen werden berechnet</translation>
    </message>
    <message>
        <source>Reading the journal</source>
        <translation>Journal wird gelesen</translation>
    </message>
    <message>
        <source>Looking for disputed cases</source>
        <translation>Strittige Fälle werden gesucht</translation>
    </message>
    <message>
        <source>Recording that readers are named</source>
        <translation>Aufdecken der Befunder wird protokolliert</translation>
    </message>
    <message>
        <source>Recording the verdict</source>
        <translation>Entscheidung wird protokolliert</translation>
    </message>
    <message>
        <source>Recording the reason</source>
        <translation>Grund wird protokolliert</translation>
    </message>
    <message>
        <source>answers are locked until every reader has finished (so far {counts}); to look earlier, give a reason, which is recorded</source>
        <translation>Antworten sind gesperrt, bis alle Befunder fertig sind (bisher {counts}); für eine frühere Einsicht geben Sie einen Grund an, der protokolliert wird</translation>
    </message>
    <message>
        <source>Exporting tables and figures</source>
        <translation>Tabellen und Abbildungen werden exportiert</translation>
    </message>
    <message>
        <source>Making the demonstration study</source>
        <translation>Demonstrationsstudie wird angelegt</translation>
    </message>
    <message>
        <source>Packing for {reader}</source>
        <translation>Paket für {reader} wird geschrieben</translation>
    </message>
    <message>
        <source>Merging readings</source>
        <translation>Befundungen werden eingelesen</translation>
    </message>
    <message>
        <source>Simulating radiographs</source>
        <translation>Röntgenbilder werden simuliert</translation>
    </message>
    <message>
        <source>Reading the cohort</source>
        <translation>Kohorte wird gelesen</translation>
    </message>
    <message>
        <source>Looking at the runs</source>
        <translation>Läufe werden angesehen</translation>
    </message>
    <message>
        <source>Starting the training</source>
        <translation>Training wird gestartet</translation>
    </message>
    <message>
        <source>Asking the runs to stop</source>
        <translation>Läufe werden gebeten anzuhalten</translation>
    </message>
    <message>
        <source>Resuming the run</source>
        <translation>Lauf wird fortgesetzt</translation>
    </message>
    <message>
        <source>Reading the results</source>
        <translation>Ergebnisse werden gelesen</translation>
    </message>
    <message>
        <source>Working out the curves</source>
        <translation>Kurven werden berechnet</translation>
    </message>
    <message>
        <source>Reading the predictions</source>
        <translation>Vorhersagen werden gelesen</translation>
    </message>
    <message>
        <source>Counting images without findings</source>
        <translation>Bilder ohne Befund werden gezählt</translation>
    </message>
    <message>
        <source>Looking for runs that draw</source>
        <translation>Läufe, die zeichnen, werden gesucht</translation>
    </message>
    <message>
        <source>Saving the picture</source>
        <translation>Das Bild wird gespeichert</translation>
    </message>
    <message>
        <source>Reading the picture</source>
        <translation>Das Bild wird gelesen</translation>
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
    <name>PassphraseForm</name>
    <message>
        <source>Passphrase of {name}</source>
        <translation>Passphrase von {name}</translation>
    </message>
    <message>
        <source>Passphrase of {name} again</source>
        <translation>Passphrase von {name}, noch einmal</translation>
    </message>
    <message>
        <source>passphrase</source>
        <translation>Passphrase</translation>
    </message>
    <message>
        <source>the same again</source>
        <translation>noch einmal dieselbe</translation>
    </message>
    <message>
        <source>coordinator</source>
        <translation>Studienleitung</translation>
    </message>
    <message>
        <source>{name}: a passphrase needs at least {n} characters.</source>
        <translation>{name}: eine Passphrase braucht mindestens {n} Zeichen.</translation>
    </message>
    <message>
        <source>{name}: the two passphrases differ.</source>
        <translation>{name}: die beiden Passphrasen sind verschieden.</translation>
    </message>
    <message>
        <source>Two people have the same passphrase: each needs one of their own.</source>
        <translation>Zwei Personen haben dieselbe Passphrase: jede braucht eine eigene.</translation>
    </message>
</context>
<context>
    <name>PathField</name>
    <message>
        <source>Choose …</source>
        <translation>Wählen …</translation>
    </message>
    <message>
        <source>Choose: {what}</source>
        <translation>Wählen: {what}</translation>
    </message>
</context>
<context>
    <name>Planes</name>
    <message>
        <source>this is one image, not a stack: there are no other planes</source>
        <translation>dies ist ein einzelnes Bild, kein Stapel: andere Ebenen gibt es nicht</translation>
    </message>
    <message>
        <source>no other planes: the header does not say where each slice lies</source>
        <translation>keine anderen Ebenen: der Dateikopf sagt nicht, wo jede Schicht liegt</translation>
    </message>
    <message>
        <source>no other planes: the header does not say how large a pixel is</source>
        <translation>keine anderen Ebenen: der Dateikopf sagt nicht, wie groß ein Bildpunkt ist</translation>
    </message>
    <message>
        <source>no other planes: the slices are shifted against each other, as by a tilted gantry</source>
        <translation>keine anderen Ebenen: die Schichten sind gegeneinander verschoben, wie bei gekippter Gantry</translation>
    </message>
    <message>
        <source>no other planes: the slices are unevenly spaced</source>
        <translation>keine anderen Ebenen: die Schichten haben ungleiche Abstände</translation>
    </message>
    <message>
        <source>no other planes: every slice has a grey scale of its own</source>
        <translation>keine anderen Ebenen: jede Schicht hat eine eigene Grauwertskala</translation>
    </message>
    <message>
        <source>axial</source>
        <translation>axial</translation>
    </message>
    <message>
        <source>coronal</source>
        <translation>koronal</translation>
    </message>
    <message>
        <source>sagittal</source>
        <translation>sagittal</translation>
    </message>
    <message>
        <source>reformatted</source>
        <translation>reformatiert</translation>
    </message>
    <message>
        <source>as acquired</source>
        <translation>wie aufgenommen</translation>
    </message>
    <message>
        <source>oblique ({plane})</source>
        <translation>schräg ({plane})</translation>
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
        <translation>Zurücksetzen</translation>
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
        <source>Keys, mouse and preferences</source>
        <translation>Tasten, Maus und Einstellungen</translation>
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
    <name>PrevalencePage</name>
    <message>
        <source>All readings</source>
        <translation>Alle Befundungen</translation>
    </message>
    <message>
        <source>Majority</source>
        <translation>Mehrheit</translation>
    </message>
    <message>
        <source>Any reader</source>
        <translation>Mindestens einer</translation>
    </message>
    <message>
        <source>all valid readings together; interval: bootstrap over patients</source>
        <translation>alle gültigen Befundungen zusammen; Intervall: Bootstrap über Patienten</translation>
    </message>
    <message>
        <source>present if more than half of the readers say so; a tie is not present</source>
        <translation>vorhanden, wenn mehr als die Hälfte der Befunder es sagt; bei Gleichstand nicht vorhanden</translation>
    </message>
    <message>
        <source>present if any reader says so</source>
        <translation>vorhanden, wenn mindestens ein Befunder es sagt</translation>
    </message>
    <message>
        <source>readings of this reader; Wilson interval</source>
        <translation>Befundungen dieses Befunders; Wilson-Intervall</translation>
    </message>
    <message>
        <source>Prevalence by item and reader</source>
        <translation>Prävalenz je Merkmal und Befunder</translation>
    </message>
    <message>
        <source>Forest plot of prevalence</source>
        <translation>Forest-Plot der Prävalenz</translation>
    </message>
    <message>
        <source>Table or forest plot</source>
        <translation>Tabelle oder Forest-Plot</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>Tabelle</translation>
    </message>
    <message>
        <source>Forest plot</source>
        <translation>Forest-Plot</translation>
    </message>
    <message>
        <source>Prevalence</source>
        <translation>Prävalenz</translation>
    </message>
    <message>
        <source>Share of readings that say present, with the count and the 95 % interval.</source>
        <translation>Anteil der Befundungen mit „vorhanden“, mit Anzahl und 95-%-Konfidenzintervall.</translation>
    </message>
    <message>
        <source>Prevalence is locked</source>
        <translation>Die Prävalenz ist gesperrt</translation>
    </message>
    <message>
        <source>Item</source>
        <translation>Merkmal</translation>
    </message>
    <message>
        <source>Reader</source>
        <translation>Befunder</translation>
    </message>
    <message>
        <source>●  present (95 % CI)</source>
        <translation>●  vorhanden (95-%-KI)</translation>
    </message>
    <message>
        <source>Present</source>
        <translation>Vorhanden</translation>
    </message>
    <message>
        <source>, {n} tied</source>
        <translation>, {n} Gleichstand</translation>
    </message>
</context>
<context>
    <name>ProgressPage</name>
    <message>
        <source>Median</source>
        <translation>Median</translation>
    </message>
    <message>
        <source>of all readers&apos; showings of the case</source>
        <translation>über alle Vorlagen des Falls bei allen Befundern</translation>
    </message>
    <message>
        <source>&lt; 0.1 s</source>
        <translation>&lt; 0.1 s</translation>
    </message>
    <message>
        <source>0 s</source>
        <translation>0 s</translation>
    </message>
    <message>
        <source>{n} s</source>
        <translation>{n} s</translation>
    </message>
    <message>
        <source>{n} min</source>
        <translation>{n} min</translation>
    </message>
    <message>
        <source>{n} h</source>
        <translation>{n} h</translation>
    </message>
    <message>
        <source>Case</source>
        <translation>Fall</translation>
    </message>
    <message>
        <source>⚑: flagged by a reader, or at the sealing; the row says why</source>
        <translation>⚑: von einem Befunder oder beim Versiegeln gekennzeichnet; die Zeile sagt, warum</translation>
    </message>
    <message>
        <source>Stratum</source>
        <translation>Stratum</translation>
    </message>
    <message>
        <source>practice</source>
        <translation>Übung</translation>
    </message>
    <message>
        <source>all</source>
        <translation>alle</translation>
    </message>
    <message>
        <source>sorts by time at work</source>
        <translation>sortiert nach Bearbeitungszeit</translation>
    </message>
    <message>
        <source>first showing; hidden repeats are on the page of cases</source>
        <translation>erste Vorlage; verdeckte Wiederholungen stehen auf der Seite der Fälle</translation>
    </message>
    <message>
        <source>Read again</source>
        <translation>Neu einlesen</translation>
    </message>
    <message>
        <source>Cases and readers</source>
        <translation>Fälle und Befunder</translation>
    </message>
    <message>
        <source>Times by case</source>
        <translation>Zeiten je Fall</translation>
    </message>
    <message>
        <source>Chain</source>
        <translation>Kette</translation>
    </message>
    <message>
        <source>Head hash</source>
        <translation>Letzter Hashwert</translation>
    </message>
    <message>
        <source>note it elsewhere: nothing before it was changed then</source>
        <translation>notieren Sie ihn an anderer Stelle: er belegt, dass vor ihm nichts geändert wurde</translation>
    </message>
    <message>
        <source>Heads of the journal&apos;s chains</source>
        <translation>Enden der Ketten des Journals</translation>
    </message>
    <message>
        <source>No longer up to date: {why}</source>
        <translation>Nicht mehr aktuell: {why}</translation>
    </message>
    <message>
        <source>Who has read what. Answers and agreement are not shown here.</source>
        <translation>Wer was befundet hat. Antworten und Übereinstimmung stehen hier nicht.</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Parts of the progress</source>
        <translation>Teile des Fortschritts</translation>
    </message>
    <message>
        <source>●  finished, with the time at work    ◐  open    ○  not opened    ↻  hidden repeat    ⚑  flagged</source>
        <translation>●  abgeschlossen, mit Bearbeitungszeit    ◐  offen    ○  nicht geöffnet    ↻  verdeckte Wiederholung    ⚑  gekennzeichnet</translation>
    </message>
    <message>
        <source>flagged</source>
        <translation>gekennzeichnet</translation>
    </message>
    <message>
        <source>Cases</source>
        <translation>Fälle</translation>
    </message>
    <message>
        <source>Times</source>
        <translation>Zeiten</translation>
    </message>
    <message>
        <source>Time at work against the place in each reader&apos;s order; the line is the running median.</source>
        <translation>Bearbeitungszeit gegen den Platz in der Reihenfolge jedes Befunders; die Linie ist der gleitende Median.</translation>
    </message>
    <message>
        <source>Learning curve</source>
        <translation>Lernkurve</translation>
    </message>
    <message>
        <source>Where each chain of the journal ends. Noted elsewhere, a head shows later that nothing was changed.</source>
        <translation>Wo jede Kette des Journals endet. An anderer Stelle notiert, zeigt der letzte Hashwert später, dass nichts geändert wurde.</translation>
    </message>
    <message>
        <source>Journal</source>
        <translation>Journal</translation>
    </message>
    <message>
        <source>Which cases are shown</source>
        <translation>Welche Fälle gezeigt werden</translation>
    </message>
    <message>
        <source>all cases</source>
        <translation>alle Fälle</translation>
    </message>
    <message>
        <source>not opened by someone</source>
        <translation>nicht von allen geöffnet</translation>
    </message>
    <message>
        <source>open now</source>
        <translation>gerade offen</translation>
    </message>
    <message>
        <source>finished by someone</source>
        <translation>von jemandem abgeschlossen</translation>
    </message>
    <message>
        <source>with a hidden repeat</source>
        <translation>mit verdeckter Wiederholung</translation>
    </message>
    <message>
        <source>Which time is shown</source>
        <translation>Welche Zeit gezeigt wird</translation>
    </message>
    <message>
        <source>at work (away not counted)</source>
        <translation>Bearbeitung (ohne Abwesenheit)</translation>
    </message>
    <message>
        <source>with the time away</source>
        <translation>mit Abwesenheit</translation>
    </message>
    <message>
        <source>away only</source>
        <translation>nur Abwesenheit</translation>
    </message>
    <message>
        <source>Time from the first paint of a case to its end:</source>
        <translation>Zeit von der ersten Anzeige eines Falls bis zu seinem Abschluss:</translation>
    </message>
    <message>
        <source>{read} of {total}   {share}</source>
        <translation>{read} von {total}   {share}</translation>
    </message>
    <message>
        <source>no case read yet</source>
        <translation>noch kein Fall befundet</translation>
    </message>
    <message>
        <source>{time} a case (median)</source>
        <translation>{time} je Fall (Median)</translation>
    </message>
    <message>
        <source>, about {time} to go</source>
        <translation>, noch etwa {time}</translation>
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
    <name>Protocol</name>
    <message>
        <source>presence</source>
        <translation>Vorhandensein</translation>
    </message>
    <message>
        <source>choice</source>
        <translation>Auswahl</translation>
    </message>
    <message>
        <source>multi</source>
        <translation>Mehrfachauswahl</translation>
    </message>
    <message>
        <source>ordinal</source>
        <translation>ordinal</translation>
    </message>
    <message>
        <source>text</source>
        <translation>Freitext</translation>
    </message>
    <message>
        <source>treatment</source>
        <translation>Therapie</translation>
    </message>
    <message>
        <source>physiology</source>
        <translation>Physiologie</translation>
    </message>
    <message>
        <source>technique</source>
        <translation>Technik</translation>
    </message>
    <message>
        <source>image</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>study</source>
        <translation>Untersuchung</translation>
    </message>
    <message>
        <source>patient</source>
        <translation>Patient</translation>
    </message>
    <message>
        <source>unaided</source>
        <translation>ohne Hilfe</translation>
    </message>
    <message>
        <source>aided</source>
        <translation>mit Erklärung</translation>
    </message>
    <message>
        <source>sham</source>
        <translation>Scheinerklärung</translation>
    </message>
</context>
<context>
    <name>Reader</name>
    <message>
        <source>Id, shown in tables</source>
        <translation>Kennung, steht in Tabellen</translation>
    </message>
    <message>
        <source>id, shown in tables: letters, digits, _</source>
        <translation>Kennung in Tabellen: Buchstaben, Ziffern, _</translation>
    </message>
    <message>
        <source>Years of experience</source>
        <translation>Jahre Berufserfahrung</translation>
    </message>
    <message>
        <source>years unknown</source>
        <translation>Jahre unbekannt</translation>
    </message>
    <message>
        <source> years</source>
        <translation> Jahre</translation>
    </message>
    <message>
        <source>Specialty</source>
        <translation>Fachrichtung</translation>
    </message>
    <message>
        <source>specialty</source>
        <translation>Fachrichtung</translation>
    </message>
</context>
<context>
    <name>ReadersPage</name>
    <message>
        <source>Reader to pack for</source>
        <translation>Befunder, für den das Paket ist</translation>
    </message>
    <message>
        <source>Write a pack …</source>
        <translation>Paket schreiben …</translation>
    </message>
    <message>
        <source>Merge packs …</source>
        <translation>Pakete einlesen …</translation>
    </message>
    <message>
        <source>What was packed and merged in this sitting</source>
        <translation>Was in dieser Sitzung geschrieben und eingelesen wurde</translation>
    </message>
    <message>
        <source>Nothing packed or merged yet.</source>
        <translation>Noch nichts geschrieben oder eingelesen.</translation>
    </message>
    <message>
        <source>Pack for {reader}</source>
        <translation>Paket für {reader}</translation>
    </message>
    <message>
        <source>Packs (*.pack)</source>
        <translation>Pakete (*.pack)</translation>
    </message>
    <message>
        <source>Packs (*.pack);;All files (*)</source>
        <translation>Pakete (*.pack);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Packs to merge</source>
        <translation>Pakete zum Einlesen</translation>
    </message>
    <message>
        <source>{n} new events</source>
        <translation>{n} neue Einträge</translation>
    </message>
    <message>
        <source>nothing new</source>
        <translation>nichts Neues</translation>
    </message>
    <message>
        <source>{name}: reader {reader}, {new}; {finished} of {count} cases finished</source>
        <translation>{name}: Befunder {reader}, {new}; {finished} von {count} Fällen abgeschlossen</translation>
    </message>
    <message>
        <source>A pack holds what one reader needs on another workstation: the images, the reader&apos;s own order and codes. Strata, the other readers and their answers stay here.</source>
        <translation>Ein Paket enthält, was ein Befunder an einem anderen Arbeitsplatz braucht: die Bilder, die eigene Reihenfolge und die Fallcodes. Strata, die anderen Befunder und ihre Antworten bleiben hier.</translation>
    </message>
    <message>
        <source>Bring packs back with what was read. Readings of another seal are refused, and nothing is ever read in twice.</source>
        <translation>Lesen Sie zurückgebrachte Pakete mit den Befundungen ein. Befundungen unter einem anderen Siegel werden abgelehnt, und nichts wird doppelt eingelesen.</translation>
    </message>
    <message>
        <source>A pack for a reader</source>
        <translation>Ein Paket für einen Befunder</translation>
    </message>
    <message>
        <source>Readings back</source>
        <translation>Befundungen zurück</translation>
    </message>
    <message>
        <source>Packs</source>
        <translation>Pakete</translation>
    </message>
    <message>
        <source>For readers who work on another computer.</source>
        <translation>Für Befunder, die an einem anderen Rechner arbeiten.</translation>
    </message>
    <message>
        <source>In this sitting</source>
        <translation>In dieser Sitzung</translation>
    </message>
</context>
<context>
    <name>ReadersSection</name>
    <message>
        <source>Readers</source>
        <translation>Befunder</translation>
    </message>
    <message>
        <source>Each gets a private order and a passphrase at the seal. Agreement needs two or more.</source>
        <translation>Jeder erhält beim Versiegeln eine eigene Reihenfolge und eine Passphrase. Für die Übereinstimmung braucht es mindestens zwei.</translation>
    </message>
    <message>
        <source>Add a reader</source>
        <translation>Befunder hinzufügen</translation>
    </message>
    <message>
        <source>! One reader gives no agreement between readers.</source>
        <translation>! Ein einzelner Befunder ergibt keine Übereinstimmung zwischen Befundern.</translation>
    </message>
</context>
<context>
    <name>ReadingRoom</name>
    <message>
        <source>Reading room</source>
        <translation>Befundungsraum</translation>
    </message>
    <message>
        <source>Instructions</source>
        <translation>Befundungsanweisung</translation>
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
        <source>Next case</source>
        <translation>Nächster Fall</translation>
    </message>
    <message>
        <source>All {n} cases read. Thank you.</source>
        <translation>Alle {n} Fälle sind befundet. Danke.</translation>
    </message>
    <message>
        <source>The study is read</source>
        <translation>Die Studie ist fertig befundet</translation>
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
        <source>This could not be written to the disk, so it does not count yet. Check that the disk of the study is there and has space, then answer again.</source>
        <translation>Dies konnte nicht auf den Datenträger geschrieben werden und zählt noch nicht. Prüfen Sie, ob der Datenträger der Studie da ist und Platz hat, und antworten Sie dann noch einmal.</translation>
    </message>
</context>
<context>
    <name>ReadingSection</name>
    <message>
        <source>Reading</source>
        <translation>Befundung</translation>
    </message>
    <message>
        <source>How each reader goes through the cases. All of it is fixed at the seal.</source>
        <translation>Wie jeder Befunder durch die Fälle geht. Alles davon wird mit dem Siegel festgelegt.</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>Reihenfolge</translation>
    </message>
    <message>
        <source>Seed of the orders</source>
        <translation>Startwert der Reihenfolgen</translation>
    </message>
    <message>
        <source>Other cases between two cases of a patient</source>
        <translation>Andere Fälle zwischen zwei Fällen eines Patienten</translation>
    </message>
    <message>
        <source>Hidden repeats</source>
        <translation>Verdeckte Wiederholungen</translation>
    </message>
    <message>
        <source>Least distance of a repeat</source>
        <translation>Mindestabstand einer Wiederholung</translation>
    </message>
    <message>
        <source>Share of the cases shown a second time, for agreement of readers with themselves.</source>
        <translation>Anteil der Fälle, die ein zweites Mal vorgelegt werden, für die Intraobserver-Übereinstimmung.</translation>
    </message>
    <message>
        <source>Least distance of a repeat, in places</source>
        <translation>Mindestabstand einer Wiederholung, in Plätzen</translation>
    </message>
    <message>
        <source>Arms</source>
        <translation>Arme</translation>
    </message>
    <message>
        <source>Every case is read unaided first. An arm below shows an explanation once that answer is locked.</source>
        <translation>Jeder Fall wird zuerst ohne Hilfe befundet. Ein Arm unten zeigt eine Erklärung, sobald diese Antwort feststeht.</translation>
    </message>
    <message>
        <source>Add an arm with an explanation</source>
        <translation>Arm mit Erklärung hinzufügen</translation>
    </message>
    <message>
        <source>Sittings and rules</source>
        <translation>Sitzungen und Regeln</translation>
    </message>
    <message>
        <source>Parts</source>
        <translation>Teile</translation>
    </message>
    <message>
        <source>Days between two parts, at least</source>
        <translation>Tage zwischen zwei Teilen, mindestens</translation>
    </message>
    <message>
        <source>Cases in one sitting</source>
        <translation>Fälle je Sitzung</translation>
    </message>
    <message>
        <source>no limit</source>
        <translation>ohne Grenze</translation>
    </message>
    <message>
        <source>Seconds without input that count as away</source>
        <translation>Sekunden ohne Eingabe, die als Abwesenheit zählen</translation>
    </message>
    <message>
        <source>A finished case may be reopened (recorded)</source>
        <translation>Ein abgeschlossener Fall darf wieder geöffnet werden (wird protokolliert)</translation>
    </message>
    <message>
        <source>One key answers all the rest absent</source>
        <translation>Eine Taste beantwortet alles Übrige mit „nicht vorhanden“</translation>
    </message>
    <message>
        <source>A case cannot be finished with open items</source>
        <translation>Ein Fall mit offenen Merkmalen kann nicht abgeschlossen werden</translation>
    </message>
</context>
<context>
    <name>Results</name>
    <message>
        <source>{reader} {done} of {total}</source>
        <translation>{reader} {done} von {total}</translation>
    </message>
    <message>
        <source>Finished so far: {readers}.</source>
        <translation>Bisher abgeschlossen: {readers}.</translation>
    </message>
    <message>
        <source>All items</source>
        <translation>Alle Merkmale</translation>
    </message>
    <message>
        <source>Any {group}-related (all items)</source>
        <translation>Gruppe {group}: mindestens eines (alle Merkmale)</translation>
    </message>
    <message>
        <source>Any {group}-related (of this diagnosis)</source>
        <translation>Gruppe {group}: mindestens eines (dieser Diagnose)</translation>
    </message>
</context>
<context>
    <name>ResultsPage</name>
    <message>
        <source>Copy table</source>
        <translation>Tabelle kopieren</translation>
    </message>
    <message>
        <source>Nobody has finished a case yet: there is nothing to work out.</source>
        <translation>Noch niemand hat einen Fall abgeschlossen: es gibt nichts zu berechnen.</translation>
    </message>
    <message>
        <source>Copy plot</source>
        <translation>Grafik kopieren</translation>
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
        <source>called positive</source>
        <translation>positiv beurteilt</translation>
    </message>
    <message>
        <source>called negative</source>
        <translation>negativ beurteilt</translation>
    </message>
    <message>
        <source>all images</source>
        <translation>alle Bilder</translation>
    </message>
    <message>
        <source>sex</source>
        <translation>Geschlecht</translation>
    </message>
    <message>
        <source>age</source>
        <translation>Alter</translation>
    </message>
    <message>
        <source>race</source>
        <translation>Race</translation>
    </message>
    <message>
        <source>view</source>
        <translation>Aufnahme</translation>
    </message>
    <message>
        <source>site</source>
        <translation>Ort</translation>
    </message>
    <message>
        <source>under 20</source>
        <translation>unter 20</translation>
    </message>
    <message>
        <source>20 to 39</source>
        <translation>20 bis 39</translation>
    </message>
    <message>
        <source>40 to 59</source>
        <translation>40 bis 59</translation>
    </message>
    <message>
        <source>60 to 79</source>
        <translation>60 bis 79</translation>
    </message>
    <message>
        <source>80 and over</source>
        <translation>80 und älter</translation>
    </message>
    <message>
        <source>not recorded</source>
        <translation>nicht angegeben</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Lauf</translation>
    </message>
    <message>
        <source>Cohort and split</source>
        <translation>Kohorte und Teilmenge</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>Klasse</translation>
    </message>
    <message>
        <source>Evaluate</source>
        <translation>Auswerten</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Open the report</source>
        <translation>Bericht öffnen</translation>
    </message>
    <message>
        <source>Areas of all classes</source>
        <translation>Flächen aller Klassen</translation>
    </message>
    <message>
        <source>ROC curve</source>
        <translation>ROC-Kurve</translation>
    </message>
    <message>
        <source>1 − specificity</source>
        <translation>1 − Spezifität</translation>
    </message>
    <message>
        <source>sensitivity</source>
        <translation>Sensitivität</translation>
    </message>
    <message>
        <source>AUC by subgroup</source>
        <translation>AUC nach Untergruppe</translation>
    </message>
    <message>
        <source>Truth and call</source>
        <translation>Wahrheit und Urteil</translation>
    </message>
    <message>
        <source>predicted probability</source>
        <translation>vorhergesagte Wahrscheinlichkeit</translation>
    </message>
    <message>
        <source>share positive</source>
        <translation>Anteil positiv</translation>
    </message>
    <message>
        <source>Calibration</source>
        <translation>Kalibrierung</translation>
    </message>
    <message>
        <source>Worst errors</source>
        <translation>Größte Fehler</translation>
    </message>
    <message>
        <source>Open in the viewer</source>
        <translation>Im Betrachter öffnen</translation>
    </message>
    <message>
        <source>Parts of the page</source>
        <translation>Teile der Seite</translation>
    </message>
    <message>
        <source>No run has predictions yet: train one on the page Training.</source>
        <translation>Noch kein Lauf hat Vorhersagen: Trainieren Sie einen auf der Seite Training.</translation>
    </message>
    <message>
        <source>This run was not evaluated yet. Evaluating takes its predictions of test and val.</source>
        <translation>Dieser Lauf wurde noch nicht ausgewertet. Das Auswerten nimmt seine Vorhersagen für test und val.</translation>
    </message>
    <message>
        <source>Evaluate again</source>
        <translation>Erneut auswerten</translation>
    </message>
    <message>
        <source>Truth</source>
        <translation>Wahrheit</translation>
    </message>
    <message>
        <source>Called positive from {threshold} on.</source>
        <translation>Positiv beurteilt ab {threshold}.</translation>
    </message>
    <message>
        <source>True class down, likeliest class across.</source>
        <translation>Wahre Klasse in Zeilen, wahrscheinlichste in Spalten.</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Probability</source>
        <translation>Wahrscheinlichkeit</translation>
    </message>
    <message>
        <source>Wrong by</source>
        <translation>Falsch um</translation>
    </message>
    <message>
        <source>The cohort is not where it was when the run was made: images cannot be opened.</source>
        <translation>Die Kohorte liegt nicht mehr, wo sie beim Lauf lag: Bilder können nicht geöffnet werden.</translation>
    </message>
    <message>
        <source>The cohort has no image of that name any more: {image}</source>
        <translation>Die Kohorte hat kein Bild dieses Namens mehr: {image}</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>Positive</source>
        <translation>Positiv</translation>
    </message>
    <message>
        <source>AUC (95 % CI)</source>
        <translation>AUC (95-%-KI)</translation>
    </message>
    <message>
        <source>Remark</source>
        <translation>Bemerkung</translation>
    </message>
    <message>
        <source>Subgroup</source>
        <translation>Untergruppe</translation>
    </message>
    <message>
        <source>AUC not estimable</source>
        <translation>AUC nicht schätzbar</translation>
    </message>
    <message>
        <source>AUC {area}, no interval</source>
        <translation>AUC {area}, ohne Intervall</translation>
    </message>
    <message>
        <source>AUC {area} (95 % CI {interval})</source>
        <translation>AUC {area} (95-%-KI {interval})</translation>
    </message>
    <message>
        <source>with 95 % intervals over patients</source>
        <translation>mit 95-%-Intervallen über Patienten</translation>
    </message>
    <message>
        <source>No call of {name} was wrong.</source>
        <translation>Keine Aussage zu {name} war falsch.</translation>
    </message>
    <message>
        <source>Wrong calls of {name}, the worst first. Enter or a double click opens one in the viewer.</source>
        <translation>Falsche Aussagen zu {name}, die schlimmsten zuerst. Enter oder Doppelklick öffnet das Bild im Betrachter.</translation>
    </message>
    <message>
        <source>AUC of {name} (95 % CI)</source>
        <translation>AUC von {name} (95-%-KI)</translation>
    </message>
    <message>
        <source>Cohort</source>
        <translation>Kohorte</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>ROC</source>
        <translation>ROC</translation>
    </message>
    <message>
        <source>Subgroups</source>
        <translation>Untergruppen</translation>
    </message>
    <message>
        <source>Confusion</source>
        <translation>Verwechslungen</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>Ergebnisse</translation>
    </message>
</context>
<context>
    <name>RoomFrame</name>
    <message>
        <source>Leave</source>
        <translation>Verlassen</translation>
    </message>
</context>
<context>
    <name>RoomSheets</name>
    <message>
        <source>Instructions</source>
        <translation>Befundungsanweisung</translation>
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
    <name>Rows</name>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
</context>
<context>
    <name>RunDetails</name>
    <message>
        <source>Loss while training</source>
        <translation>Verlust im Training</translation>
    </message>
    <message>
        <source>images seen</source>
        <translation>gesehene Bilder</translation>
    </message>
    <message>
        <source>loss</source>
        <translation>Verlust</translation>
    </message>
    <message>
        <source>Validation</source>
        <translation>Validierung</translation>
    </message>
    <message>
        <source>Metric</source>
        <translation>Maß</translation>
    </message>
    <message>
        <source>In what the specs differ</source>
        <translation>Worin sich die Vorgaben unterscheiden</translation>
    </message>
    <message>
        <source>What the run said</source>
        <translation>Was der Lauf sagte</translation>
    </message>
    <message>
        <source>The run said nothing yet.</source>
        <translation>Der Lauf hat noch nichts gemeldet.</translation>
    </message>
    <message>
        <source>Parts of the page</source>
        <translation>Teile der Seite</translation>
    </message>
    <message>
        <source>Entry</source>
        <translation>Eintrag</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Schlüssel</translation>
    </message>
    <message>
        <source>Select two runs or more (Ctrl or Shift with a click, or Shift with the arrows).</source>
        <translation>Wählen Sie zwei oder mehr Läufe (Strg oder Umschalt mit Klick, oder Umschalt mit den Pfeilen).</translation>
    </message>
    <message>
        <source>Their specs do not differ.</source>
        <translation>Ihre Vorgaben unterscheiden sich nicht.</translation>
    </message>
    <message>
        <source>{n} entries differ</source>
        <translation>{n} Einträge unterscheiden sich</translation>
    </message>
    <message>
        <source>Curves</source>
        <translation>Kurven</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Vergleich</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>Proben</translation>
    </message>
</context>
<context>
    <name>RunState</name>
    <message>
        <source>waiting</source>
        <translation>wartet</translation>
    </message>
    <message>
        <source>running</source>
        <translation>läuft</translation>
    </message>
    <message>
        <source>finished</source>
        <translation>fertig</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>gescheitert</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>abgebrochen</translation>
    </message>
    <message>
        <source>weights only</source>
        <translation>nur Gewichte</translation>
    </message>
    <message>
        <source>interrupted</source>
        <translation>unterbrochen</translation>
    </message>
    <message>
        <source>preparing images {share}</source>
        <translation>Bilder werden vorbereitet {share}</translation>
    </message>
</context>
<context>
    <name>RunsTable</name>
    <message>
        <source>Runs</source>
        <translation>Läufe</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Lauf</translation>
    </message>
    <message>
        <source>Task</source>
        <translation>Aufgabe</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Stand</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Getan</translation>
    </message>
    <message>
        <source>Epoch</source>
        <translation>Epoche</translation>
    </message>
    <message>
        <source>Images/s</source>
        <translation>Bilder/s</translation>
    </message>
    <message>
        <source>Time left</source>
        <translation>Restzeit</translation>
    </message>
    <message>
        <source>Latest validation</source>
        <translation>Letzte Validierung</translation>
    </message>
</context>
<context>
    <name>SamplesView</name>
    <message>
        <source>First row: images of the validation split. Second row: the same, drawn again from their code and their own noise. Third row: drawn from their code and other noise: what the code alone says.</source>
        <translation>Erste Reihe: Bilder des Validierungsteils. Zweite Reihe: dieselben, neu gezeichnet aus ihrem Code und ihrem eigenen Rauschen. Dritte Reihe: aus ihrem Code und anderem Rauschen gezeichnet: was der Code allein sagt.</translation>
    </message>
    <message>
        <source>Newest samples; Enter shows them large</source>
        <translation>Neueste Proben; Eingabe zeigt sie groß</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>Proben</translation>
    </message>
    <message>
        <source>Samples; Enter closes them</source>
        <translation>Proben; Eingabe schließt sie</translation>
    </message>
</context>
<context>
    <name>SealSection</name>
    <message>
        <source>Check and seal</source>
        <translation>Prüfen und versiegeln</translation>
    </message>
    <message>
        <source>Sealing fixes protocol, cases and orders. Nothing can be added later.</source>
        <translation>Das Siegel legt Protokoll, Fälle und Reihenfolgen fest. Später kann nichts hinzugefügt werden.</translation>
    </message>
    <message>
        <source>Seal the study</source>
        <translation>Studie versiegeln</translation>
    </message>
    <message>
        <source>Before the draft</source>
        <translation>Vor dem Entwurf</translation>
    </message>
    <message>
        <source>Create the draft below when every line is done; the images are checked then.</source>
        <translation>Legen Sie unten den Entwurf an, sobald jede Zeile erledigt ist; dann werden die Bilder geprüft.</translation>
    </message>
    <message>
        <source>{title}: before sealing</source>
        <translation>{title}: vor dem Versiegeln</translation>
    </message>
    <message>
        <source>The draft lies in {place}</source>
        <translation>Der Entwurf liegt in {place}</translation>
    </message>
    <message>
        <source>complete</source>
        <translation>vollständig</translation>
    </message>
    <message>
        <source>The form was changed: save the draft below first.</source>
        <translation>Das Formular wurde geändert: speichern Sie zuerst unten den Entwurf.</translation>
    </message>
    <message>
        <source>The lines marked ✗ above have to be mended first; then save the draft again.</source>
        <translation>Zuerst müssen die mit ✗ markierten Zeilen oben in Ordnung gebracht werden; speichern Sie dann den Entwurf erneut.</translation>
    </message>
    <message>
        <source>Ready: sealing fixes protocol, cases and orders.</source>
        <translation>Bereit: das Siegel legt Protokoll, Fälle und Reihenfolgen fest.</translation>
    </message>
    <message>
        <source>Passphrases</source>
        <translation>Passphrasen</translation>
    </message>
    <message>
        <source>Each person needs one of their own. They are stored nowhere: write them down before you seal.</source>
        <translation>Jede Person braucht eine eigene. Sie werden nirgends gespeichert: notieren Sie sie, bevor Sie versiegeln.</translation>
    </message>
</context>
<context>
    <name>Sentences</name>
    <message>
        <source>not estimable: no valid reading</source>
        <translation>nicht schätzbar: keine gültige Befundung</translation>
    </message>
    <message>
        <source>not estimable: no case has two valid readings ({n} reading)</source>
        <translation>nicht schätzbar: kein Fall hat zwei gültige Befundungen ({n} Befundung)</translation>
    </message>
    <message>
        <source>not estimable: no case has two valid readings ({n} readings)</source>
        <translation>nicht schätzbar: kein Fall hat zwei gültige Befundungen ({n} Befundungen)</translation>
    </message>
    <message>
        <source>not estimable: all {n} readings negative</source>
        <translation>nicht schätzbar: alle {n} Befundungen negativ</translation>
    </message>
    <message>
        <source>not estimable: all {n} readings positive</source>
        <translation>nicht schätzbar: alle {n} Befundungen positiv</translation>
    </message>
    <message>
        <source>not estimable: no case was read by this reader and another</source>
        <translation>nicht schätzbar: kein Fall wurde von diesem und einem anderen Befunder befundet</translation>
    </message>
    <message>
        <source>intervals not estimable: one patient only</source>
        <translation>Intervalle nicht schätzbar: nur ein Patient</translation>
    </message>
    <message>
        <source>interval not estimable: one patient only</source>
        <translation>Intervall nicht schätzbar: nur ein Patient</translation>
    </message>
    <message>
        <source>interval not estimable: the difference is the same in every case</source>
        <translation>Intervall nicht schätzbar: die Differenz ist in jedem Fall dieselbe</translation>
    </message>
    <message>
        <source>no disagreement was seen</source>
        <translation>keine Abweichung beobachtet</translation>
    </message>
    <message>
        <source>no disagreement was seen: intervals have no width</source>
        <translation>keine Abweichung beobachtet: die Intervalle haben keine Breite</translation>
    </message>
    <message>
        <source>bootstrap interval withheld: {parts} redraws</source>
        <translation>Bootstrap-Intervall nicht angegeben: {parts} Ziehungen</translation>
    </message>
    <message>
        <source>{name} undefined in {n} of {total}</source>
        <translation>{name} nicht definiert in {n} von {total}</translation>
    </message>
    <message>
        <source>Cochran&apos;s Q not estimable: {parts}</source>
        <translation>Cochrans Q nicht schätzbar: {parts}</translation>
    </message>
    <message>
        <source>fewer than two readers</source>
        <translation>weniger als zwei Befunder</translation>
    </message>
    <message>
        <source>no case was answered by every reader</source>
        <translation>kein Fall wurde von allen Befundern beantwortet</translation>
    </message>
    <message>
        <source>no disagreement in {n} complete case</source>
        <translation>keine Abweichung in {n} vollständigen Fall</translation>
    </message>
    <message>
        <source>no disagreement in {n} complete cases</source>
        <translation>keine Abweichung in {n} vollständigen Fällen</translation>
    </message>
    <message>
        <source>Cochran&apos;s Q is for binary items: see the rows of the categories</source>
        <translation>Cochrans Q gilt für binäre Merkmale: siehe die Zeilen der Kategorien</translation>
    </message>
    <message>
        <source>choose the folder of a cohort: it holds the images</source>
        <translation>wählen Sie den Ordner einer Kohorte: er enthält die Bilder</translation>
    </message>
    <message>
        <source>title: is missing</source>
        <translation>der Titel fehlt</translation>
    </message>
    <message>
        <source>items: is missing</source>
        <translation>es fehlen Merkmale</translation>
    </message>
    <message>
        <source>readers: is missing</source>
        <translation>es fehlen Befunder</translation>
    </message>
    <message>
        <source>{n} image in {name}</source>
        <translation>{n} Bild in {name}</translation>
    </message>
    <message>
        <source>{n} images in {name}</source>
        <translation>{n} Bilder in {name}</translation>
    </message>
    <message>
        <source>{n} item asked of every case</source>
        <translation>{n} Merkmal, in jedem Fall gefragt</translation>
    </message>
    <message>
        <source>{n} items asked of every case</source>
        <translation>{n} Merkmale, in jedem Fall gefragt</translation>
    </message>
    <message>
        <source>{n} reader: {name}; one reader gives no agreement between readers</source>
        <translation>{n} Befunder: {name}; ein einzelner Befunder ergibt keine Übereinstimmung zwischen Befundern</translation>
    </message>
    <message>
        <source>{n} readers: {names}</source>
        <translation>{n} Befunder: {names}</translation>
    </message>
    <message>
        <source>{n} of {total} wanted</source>
        <translation>{n} von {total} gewünschten</translation>
    </message>
    <message>
        <source>{n} case of the cohort meet it</source>
        <translation>{n} Fall der Kohorte erfüllt die Bedingungen</translation>
    </message>
    <message>
        <source>{n} cases of the cohort meet it</source>
        <translation>{n} Fälle der Kohorte erfüllen die Bedingungen</translation>
    </message>
    <message>
        <source>of which {n} are of patients taken by another part of the study</source>
        <translation>davon {n} von Patienten, die schon in einem anderen Teil der Studie sind</translation>
    </message>
    <message>
        <source>each reader reads {n} case and {parts}</source>
        <translation>jeder Befunder befundet {n} Fall und {parts}</translation>
    </message>
    <message>
        <source>each reader reads {n} cases and {parts}</source>
        <translation>jeder Befunder befundet {n} Fälle und {parts}</translation>
    </message>
    <message>
        <source>{n} hidden repeat</source>
        <translation>{n} verdeckte Wiederholung</translation>
    </message>
    <message>
        <source>{n} hidden repeats</source>
        <translation>{n} verdeckte Wiederholungen</translation>
    </message>
    <message>
        <source>after {n} for practice</source>
        <translation>davor {n} zur Übung</translation>
    </message>
    <message>
        <source>{n} image found</source>
        <translation>{n} Bild gefunden</translation>
    </message>
    <message>
        <source>{n} images found</source>
        <translation>{n} Bilder gefunden</translation>
    </message>
    <message>
        <source>with readable headers</source>
        <translation>mit lesbaren Kopfdaten</translation>
    </message>
    <message>
        <source>sealing asks for {n}: coordinator, {names}</source>
        <translation>das Versiegeln verlangt {n}: Studienleitung, {names}</translation>
    </message>
    <message>
        <source>{n} explained case for {names}</source>
        <translation>{n} erklärter Fall für {names}</translation>
    </message>
    <message>
        <source>{n} explained cases for {names}</source>
        <translation>{n} erklärte Fälle für {names}</translation>
    </message>
    <message>
        <source>sealing computes them with the engine</source>
        <translation>beim Versiegeln berechnet sie die Engine</translation>
    </message>
    <message>
        <source>arms with explanations need the engine, which is not installed here; install it (`uv tool install &apos;readerapp[engine]&apos;`), or seal on a machine that has it</source>
        <translation>Arme mit Erklärungen brauchen die Engine, die hier nicht installiert ist; installieren Sie sie (`uv tool install &apos;readerapp[engine]&apos;`), oder versiegeln Sie auf einem Rechner, der sie hat</translation>
    </message>
    <message>
        <source>also read as cases: {names}; readers would know the answer, choose others</source>
        <translation>auch als Fälle befundet: {names}; die Antwort wäre bekannt, wählen Sie andere</translation>
    </message>
    <message>
        <source>{name}: step 1 found no confounder of it</source>
        <translation>{name}: Schritt 1 fand keinen Störfaktor dafür</translation>
    </message>
    <message>
        <source>{name}: the cohort has no image with it of another patient</source>
        <translation>{name}: die Kohorte hat kein Bild damit von einem anderen Patienten</translation>
    </message>
    <message>
        <source>{name}: the cohort has no column {names}</source>
        <translation>{name}: die Kohorte hat keine Spalte {names}</translation>
    </message>
    <message>
        <source>the study is sealed; its design cannot be changed any more</source>
        <translation>die Studie ist versiegelt; ihr Aufbau ist nicht mehr änderbar</translation>
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
        <source>right click</source>
        <translation>Rechtsklick</translation>
    </message>
    <message>
        <source>tools for the image</source>
        <translation>Werkzeuge für das Bild</translation>
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
    <name>SimulateForm</name>
    <message>
        <source>Simulate a cohort</source>
        <translation>Kohorte simulieren</translation>
    </message>
    <message>
        <source>Chest radiographs with planted findings, devices and confounding: truth is known.</source>
        <translation>Thoraxaufnahmen mit gesetzten Befunden, Geräten und Störgrößen: Die Wahrheit ist bekannt.</translation>
    </message>
    <message>
        <source>Simulate</source>
        <translation>Simulieren</translation>
    </message>
    <message>
        <source>Patients</source>
        <translation>Patienten</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <source>Pixels along each side</source>
        <translation>Pixel je Seite</translation>
    </message>
    <message>
        <source>New cohort</source>
        <translation>Neue Kohorte</translation>
    </message>
</context>
<context>
    <name>SpecEntries</name>
    <message>
        <source>Task</source>
        <translation>Aufgabe</translation>
    </message>
    <message>
        <source>Preset</source>
        <translation>Voreinstellung</translation>
    </message>
    <message>
        <source>Cohorts</source>
        <translation>Kohorten</translation>
    </message>
    <message>
        <source>Column to predict</source>
        <translation>Vorhergesagte Spalte</translation>
    </message>
    <message>
        <source>Classes</source>
        <translation>Klassen</translation>
    </message>
    <message>
        <source>Findings</source>
        <translation>Befunde</translation>
    </message>
    <message>
        <source>Uncertain labels</source>
        <translation>Unsichere Befunde</translation>
    </message>
    <message>
        <source>Least images of a patient</source>
        <translation>Mindestzahl Bilder je Patient</translation>
    </message>
    <message>
        <source>Run whose features are used</source>
        <translation>Lauf, dessen Merkmale dienen</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>Netz</translation>
    </message>
    <message>
        <source>Weights at the start</source>
        <translation>Gewichte zu Beginn</translation>
    </message>
    <message>
        <source>Pooling</source>
        <translation>Pooling</translation>
    </message>
    <message>
        <source>Dropout</source>
        <translation>Dropout</translation>
    </message>
    <message>
        <source>Share of the patients</source>
        <translation>Anteil der Patienten</translation>
    </message>
    <message>
        <source>Image size</source>
        <translation>Bildgröße</translation>
    </message>
    <message>
        <source>Bits of a pixel</source>
        <translation>Bit je Pixel</translation>
    </message>
    <message>
        <source>Epochs</source>
        <translation>Epochen</translation>
    </message>
    <message>
        <source>Batch size</source>
        <translation>Batchgröße</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>Lernrate</translation>
    </message>
    <message>
        <source>Stop early after</source>
        <translation>Früher Abbruch nach</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <source>Balanced by</source>
        <translation>Ausgewogen nach</translation>
    </message>
    <message>
        <source>Flip</source>
        <translation>Spiegeln</translation>
    </message>
    <message>
        <source>Rotate</source>
        <translation>Drehen</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>Zoom</translation>
    </message>
    <message>
        <source>Slices of volumes</source>
        <translation>Schichten von Volumen</translation>
    </message>
    <message>
        <source>Optimizer</source>
        <translation>Optimierer</translation>
    </message>
    <message>
        <source>First moment</source>
        <translation>Erstes Moment</translation>
    </message>
    <message>
        <source>Second moment</source>
        <translation>Zweites Moment</translation>
    </message>
    <message>
        <source>Momentum</source>
        <translation>Momentum</translation>
    </message>
    <message>
        <source>Weight decay</source>
        <translation>Gewichtsabnahme</translation>
    </message>
    <message>
        <source>Schedule of the rate</source>
        <translation>Verlauf der Lernrate</translation>
    </message>
    <message>
        <source>Factor of the schedule</source>
        <translation>Faktor des Verlaufs</translation>
    </message>
    <message>
        <source>Patience of the schedule</source>
        <translation>Geduld des Verlaufs</translation>
    </message>
    <message>
        <source>Epochs between steps</source>
        <translation>Epochen zwischen Stufen</translation>
    </message>
    <message>
        <source>Least learning rate</source>
        <translation>Kleinste Lernrate</translation>
    </message>
    <message>
        <source>Averaged weights</source>
        <translation>Gemittelte Gewichte</translation>
    </message>
    <message>
        <source>Gradient clipping</source>
        <translation>Gradienten begrenzen</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>Genauigkeit</translation>
    </message>
    <message>
        <source>Channels last</source>
        <translation>Kanäle zuletzt</translation>
    </message>
    <message>
        <source>Compile the network</source>
        <translation>Netz kompilieren</translation>
    </message>
    <message>
        <source>Checkpoint every</source>
        <translation>Zwischenstand alle</translation>
    </message>
    <message>
        <source>Channels</source>
        <translation>Kanäle</translation>
    </message>
    <message>
        <source>Channels of each map</source>
        <translation>Kanäle jeder Karte</translation>
    </message>
    <message>
        <source>Channels of the encoder&apos;s maps</source>
        <translation>Kanäle der Karten des Kodierers</translation>
    </message>
    <message>
        <source>Residual blocks</source>
        <translation>Residualblöcke</translation>
    </message>
    <message>
        <source>Attention</source>
        <translation>Aufmerksamkeit</translation>
    </message>
    <message>
        <source>Length of the code</source>
        <translation>Länge des Codes</translation>
    </message>
    <message>
        <source>Colour channels</source>
        <translation>Farbkanäle</translation>
    </message>
    <message>
        <source>Patch</source>
        <translation>Kachel</translation>
    </message>
    <message>
        <source>Code keeps places</source>
        <translation>Code behält Orte</translation>
    </message>
    <message>
        <source>What is predicted</source>
        <translation>Was vorhergesagt wird</translation>
    </message>
    <message>
        <source>Steps of noise</source>
        <translation>Rauschschritte</translation>
    </message>
    <message>
        <source>Noise of the first step</source>
        <translation>Rauschen des ersten Schritts</translation>
    </message>
    <message>
        <source>Noise of the last step</source>
        <translation>Rauschen des letzten Schritts</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>Proben</translation>
    </message>
    <message>
        <source>the column of the cohort; sex works as well; of a probe also findings: several at once</source>
        <translation>die Spalte der Kohorte; sex geht auch; bei probe auch findings: mehrere zugleich</translation>
    </message>
    <message>
        <source>its folder; a diffusion run for counterfactuals</source>
        <translation>sein Ordner; ein diffusion-Lauf für kontrafaktische Bilder</translation>
    </message>
    <message>
        <source>of the finest map of the network that draws</source>
        <translation>der feinsten Karte des Netzes, das zeichnet</translation>
    </message>
    <message>
        <source>times the channels, with commas; the finest map first</source>
        <translation>mal die Kanäle, mit Kommas; die feinste Karte zuerst</translation>
    </message>
    <message>
        <source>the same for the network that makes the code; the finest map first</source>
        <translation>dasselbe für das Netz, das den Code macht; die feinste Karte zuerst</translation>
    </message>
    <message>
        <source>of each map</source>
        <translation>jeder Karte</translation>
    </message>
    <message>
        <source>sides of maps in pixels, with commas, whose blocks attend; the middle always does</source>
        <translation>Seiten der Karten in Pixeln, mit Kommas, deren Blöcke Aufmerksamkeit haben; die Mitte hat sie immer</translation>
    </message>
    <message>
        <source>numbers that say what an image shows; counterfactuals move them</source>
        <translation>Zahlen, die sagen, was ein Bild zeigt; kontrafaktische Bilder verschieben sie</translation>
    </message>
    <message>
        <source>1, or 3 as in the paper, whose films are grey three times over</source>
        <translation>1, oder 3 wie in der Arbeit, deren Aufnahmen dreimal grau sind</translation>
    </message>
    <message>
        <source>pixels along each side that become channels at the entry; 1 in the paper</source>
        <translation>Pixel je Seite, die am Eingang zu Kanälen werden; 1 in der Arbeit</translation>
    </message>
    <message>
        <source>where things lie; learns from far fewer images, and is not in the paper&apos;s network</source>
        <translation>wo etwas liegt; lernt aus viel weniger Bildern und gehört nicht zum Netz der Arbeit</translation>
    </message>
    <message>
        <source>noise: as in the paper; velocity: learns from far fewer images what a code draws</source>
        <translation>noise: wie in der Veröffentlichung; velocity: lernt aus weit weniger Bildern, was ein Code zeichnet</translation>
    </message>
    <message>
        <source>of the training patients, chosen by seed</source>
        <translation>der Trainingspatienten, nach dem Startwert ausgewählt</translation>
    </message>
    <message>
        <source>from an image to nothing but noise</source>
        <translation>von einem Bild bis zu reinem Rauschen</translation>
    </message>
    <message>
        <source>variance that it adds</source>
        <translation>Varianz, die er hinzufügt</translation>
    </message>
    <message>
        <source>variance that it adds; evenly spaced between</source>
        <translation>Varianz, die er hinzufügt; dazwischen in gleichen Abständen</translation>
    </message>
    <message>
        <source>validation images drawn again after each epoch, to look at</source>
        <translation>Validierungsbilder, nach jeder Epoche neu gezeichnet, zum Ansehen</translation>
    </message>
    <message>
        <source>with commas; empty: those of the training split, in alphabetical order</source>
        <translation>mit Kommas; leer: die der Trainingsmenge, alphabetisch</translation>
    </message>
    <message>
        <source>with commas; empty: every finding that is present and absent in the training split</source>
        <translation>mit Kommas; leer: jeder Befund, der in der Trainingsmenge vorkommt und fehlt</translation>
    </message>
    <message>
        <source>what a label −1 counts as while training</source>
        <translation>als was ein Befund −1 im Training zählt</translation>
    </message>
    <message>
        <source>frontal images a patient must have</source>
        <translation>frontale Aufnahmen, die ein Patient haben muss</translation>
    </message>
    <message>
        <source>small: our own, a hundredth of resnet34&apos;s work; the others are torchvision&apos;s</source>
        <translation>small: ein eigenes, mit einem Hundertstel der Arbeit von resnet34; die anderen sind die von torchvision</translation>
    </message>
    <message>
        <source>auto: ImageNet weights where they lie on this machine, else from scratch, which the log tells; imagenet: refused without them; none: from scratch</source>
        <translation>auto: ImageNet-Gewichte, wo sie auf diesem Rechner liegen, sonst von Grund auf, was im Protokoll steht; imagenet: ohne sie abgelehnt; none: von Grund auf</translation>
    </message>
    <message>
        <source>of the last feature maps, before the head</source>
        <translation>der letzten Merkmalskarten, vor dem Kopf</translation>
    </message>
    <message>
        <source>share left out before the head</source>
        <translation>Anteil, der vor dem Kopf ausgelassen wird</translation>
    </message>
    <message>
        <source>pixels along each side; images are padded to a square</source>
        <translation>Pixel je Seite; Bilder werden zum Quadrat aufgefüllt</translation>
    </message>
    <message>
        <source>as images are stored for training</source>
        <translation>wie Bilder für das Training gespeichert werden</translation>
    </message>
    <message>
        <source>how often every image of the training split is seen</source>
        <translation>wie oft jedes Bild der Trainingsmenge gesehen wird</translation>
    </message>
    <message>
        <source>images of one step, over all GPUs together</source>
        <translation>Bilder eines Schritts, über alle GPUs zusammen</translation>
    </message>
    <message>
        <source>at the start; the schedule lowers it</source>
        <translation>zu Beginn; der Verlauf senkt sie</translation>
    </message>
    <message>
        <source>epochs without a better validation; empty: all epochs are trained</source>
        <translation>Epochen ohne bessere Validierung; leer: alle Epochen werden trainiert</translation>
    </message>
    <message>
        <source>the same seed on the same machine gives the same network</source>
        <translation>derselbe Startwert ergibt auf demselben Rechner dasselbe Netz</translation>
    </message>
    <message>
        <source>label, or a column of the cohort (race, sex …): drawn with equal weight; empty: images as they come</source>
        <translation>label oder eine Spalte der Kohorte (race, sex …): mit gleichem Gewicht gezogen; leer: Bilder, wie sie kommen</translation>
    </message>
    <message>
        <source>left to right, at random; radiographs are not flipped unless asked for</source>
        <translation>links mit rechts, zufällig; Röntgenbilder werden nur auf Wunsch gespiegelt</translation>
    </message>
    <message>
        <source>degrees, up to this much either way</source>
        <translation>Grad, höchstens so viel in beide Richtungen</translation>
    </message>
    <message>
        <source>up to this share in or out</source>
        <translation>höchstens um diesen Anteil hinein oder heraus</translation>
    </message>
    <message>
        <source>how volumes become slices, such as reading-race; empty: as they look</source>
        <translation>wie aus Volumen Schichten werden, etwa reading-race; leer: wie sie angezeigt werden</translation>
    </message>
    <message>
        <source>how weights follow the gradient</source>
        <translation>wie die Gewichte dem Gradienten folgen</translation>
    </message>
    <message>
        <source>of adam and adamw: how long the mean gradient remembers</source>
        <translation>von adam und adamw: wie lange der mittlere Gradient nachwirkt</translation>
    </message>
    <message>
        <source>of adam and adamw: how long the mean square remembers</source>
        <translation>von adam und adamw: wie lange das mittlere Quadrat nachwirkt</translation>
    </message>
    <message>
        <source>of sgd</source>
        <translation>von sgd</translation>
    </message>
    <message>
        <source>how strongly weights are drawn to 0</source>
        <translation>wie stark die Gewichte zu 0 gezogen werden</translation>
    </message>
    <message>
        <source>plateau: lower where validation no longer improves; step: lower every few epochs</source>
        <translation>plateau: kleiner, wenn die Validierung nicht mehr besser wird; step: alle paar Epochen kleiner</translation>
    </message>
    <message>
        <source>the rate is multiplied by it</source>
        <translation>mit ihm wird die Lernrate multipliziert</translation>
    </message>
    <message>
        <source>epochs without a better validation that plateau waits</source>
        <translation>Epochen ohne bessere Validierung, die plateau wartet</translation>
    </message>
    <message>
        <source>of the schedule step</source>
        <translation>des Verlaufs step</translation>
    </message>
    <message>
        <source>the schedule goes no lower</source>
        <translation>tiefer geht der Verlauf nicht</translation>
    </message>
    <message>
        <source>share kept at each step, such as 0.999; empty: no averaging</source>
        <translation>Anteil, der bei jedem Schritt bleibt, etwa 0.999; leer: keine Mittelung</translation>
    </message>
    <message>
        <source>greatest norm of a gradient; empty: none</source>
        <translation>größte Norm eines Gradienten; leer: keine</translation>
    </message>
    <message>
        <source>auto: bfloat16 on CUDA, float32 elsewhere</source>
        <translation>auto: bfloat16 auf CUDA, sonst float32</translation>
    </message>
    <message>
        <source>order in memory; faster on most devices</source>
        <translation>Anordnung im Speicher; auf den meisten Geräten schneller</translation>
    </message>
    <message>
        <source>minutes at the start, faster afterwards; for long runs on a GPU</source>
        <translation>Minuten zu Beginn, danach schneller; für lange Läufe auf einer GPU</translation>
    </message>
    <message>
        <source>images; besides the one at the end of every epoch</source>
        <translation>Bilder; neben dem am Ende jeder Epoche</translation>
    </message>
</context>
<context>
    <name>SpecForm</name>
    <message>
        <source>WHAT IS LEARNED</source>
        <translation>WAS GELERNT WIRD</translation>
    </message>
    <message>
        <source>NETWORK</source>
        <translation>NETZ</translation>
    </message>
    <message>
        <source>LENGTH</source>
        <translation>DAUER</translation>
    </message>
    <message>
        <source>IMAGES AS THEY ARE DRAWN</source>
        <translation>BILDER, WIE SIE GEZOGEN WERDEN</translation>
    </message>
    <message>
        <source>OPTIMISATION AND THE REST</source>
        <translation>OPTIMIERUNG UND ÜBRIGES</translation>
    </message>
    <message>
        <source>{entry}: &apos;{text}&apos; is no number.</source>
        <translation>{entry}: „{text}“ ist keine Zahl.</translation>
    </message>
    <message>
        <source>empty</source>
        <translation>leer</translation>
    </message>
    <message>
        <source>◆ was {value}</source>
        <translation>◆ war {value}</translation>
    </message>
</context>
<context>
    <name>Stage</name>
    <message>
        <source>images {shown} of {count}</source>
        <translation>Bilder {shown} von {count}</translation>
    </message>
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
        <source>3 planes</source>
        <translation>3 Ebenen</translation>
    </message>
    <message>
        <source>next plane</source>
        <translation>nächste Ebene</translation>
    </message>
    <message>
        <source>stack</source>
        <translation>Stapel</translation>
    </message>
    <message>
        <source>linked</source>
        <translation>gekoppelt</translation>
    </message>
    <message>
        <source>linked:</source>
        <translation>koppeln:</translation>
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
    <name>StagePlace</name>
    <message>
        <source>The images are in a window of their own.</source>
        <translation>Die Bilder stehen in einem eigenen Fenster.</translation>
    </message>
</context>
<context>
    <name>StageWindow</name>
    <message>
        <source>Images</source>
        <translation>Bilder</translation>
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
        <source>Lab …</source>
        <translation>Labor …</translation>
    </message>
    <message>
        <source>Lab: cohorts, training, results, explanations</source>
        <translation>Labor: Kohorten, Training, Ergebnisse, Erklärungen</translation>
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
        <translation>Jeder &lt;b&gt;Befunder&lt;/b&gt; öffnet sie hier mit einer Passphrase und befundet in eigener zufälliger Reihenfolge.</translation>
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
        <translation>Befundungsstudien zu Störfaktoren in der medizinischen Bildgebung</translation>
    </message>
</context>
<context>
    <name>Step2Page</name>
    <message>
        <source>What step 1 found is locked</source>
        <translation>Was Schritt 1 gefunden hat, ist gesperrt</translation>
    </message>
    <message>
        <source>folder with cohort.csv: real images, findings as labels</source>
        <translation>Ordner mit cohort.csv: echte Bilder, Befunde als Labels</translation>
    </message>
    <message>
        <source>Cohort of real images</source>
        <translation>Kohorte echter Bilder</translation>
    </message>
    <message>
        <source>Images of each finding, at most</source>
        <translation>Bilder je Befund, höchstens</translation>
    </message>
    <message>
        <source>Readers who found it in a case, at least</source>
        <translation>Befunder, die ihn in einem Fall fanden, mindestens</translation>
    </message>
    <message>
        <source>Cases in which they found it, at least</source>
        <translation>Fälle, in denen sie ihn fanden, mindestens</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <source>Readers of step 3</source>
        <translation>Befunder von Schritt 3</translation>
    </message>
    <message>
        <source>three new ids; or your own, with commas</source>
        <translation>drei neue Kürzel; oder eigene, mit Kommas</translation>
    </message>
    <message>
        <source>Title of step 3&apos;s study</source>
        <translation>Titel der Studie von Schritt 3</translation>
    </message>
    <message>
        <source>Presence of confounders</source>
        <translation>Presence of confounders</translation>
    </message>
    <message>
        <source>Choose images</source>
        <translation>Bilder auswählen</translation>
    </message>
    <message>
        <source>Images chosen for each finding</source>
        <translation>Für jeden Befund gewählte Bilder</translation>
    </message>
    <message>
        <source>Confounders looked for</source>
        <translation>Störfaktoren, nach denen gesucht wird</translation>
    </message>
    <message>
        <source>Open in the form …</source>
        <translation>Im Formular öffnen …</translation>
    </message>
    <message>
        <source>Write the protocol …</source>
        <translation>Protokoll schreiben …</translation>
    </message>
    <message>
        <source>Choose the cohort of real images first.</source>
        <translation>Wählen Sie zuerst die Kohorte echter Bilder.</translation>
    </message>
    <message>
        <source>{n} patients whose images were shown in step 1 are left out; lateral films too, where there are.</source>
        <translation>{n} Patienten, deren Bilder in Schritt 1 gezeigt wurden, bleiben außen vor; seitliche Aufnahmen auch, wo es sie gibt.</translation>
    </message>
    <message>
        <source>Left out: {why}</source>
        <translation>Ausgelassen: {why}</translation>
    </message>
    <message>
        <source>Write the protocol</source>
        <translation>Protokoll schreiben</translation>
    </message>
    <message>
        <source>Protocols (*.toml)</source>
        <translation>Protokolle (*.toml)</translation>
    </message>
    <message>
        <source>written to {path}: which confounder belongs to which finding stands in it, keep it from readers</source>
        <translation>geschrieben nach {path}: darin steht, welcher Störfaktor zu welchem Befund gehört; Befunder dürfen es nicht sehen</translation>
    </message>
    <message>
        <source>Rules of step 2, and what they choose</source>
        <translation>Regeln von Schritt 2 und was sie auswählen</translation>
    </message>
    <message>
        <source>Step 2: what readers found in counterfactuals is looked for in real images with the finding, by other readers. A patient is read for one finding only, the rarest first.</source>
        <translation>Schritt 2: Was Befunder in kontrafaktischen Bildern fanden, suchen andere Befunder in echten Bildern mit dem Befund. Ein Patient wird nur für einen Befund gelesen, der seltenste zuerst.</translation>
    </message>
    <message>
        <source>Real images</source>
        <translation>Echte Bilder</translation>
    </message>
    <message>
        <source>A confounder is found by</source>
        <translation>Ein Störfaktor gilt, gefunden von</translation>
    </message>
    <message>
        <source>Images of each finding</source>
        <translation>Bilder je Befund</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>Titel</translation>
    </message>
    <message>
        <source>or more of {n} readers, in</source>
        <translation>oder mehr von {n} Befundern, in</translation>
    </message>
    <message>
        <source>or more cases</source>
        <translation>oder mehr Fällen</translation>
    </message>
    <message>
        <source>at most; seed</source>
        <translation>höchstens; Startwert</translation>
    </message>
    <message>
        <source>IMAGES CHOSEN</source>
        <translation>GEWÄHLTE BILDER</translation>
    </message>
    <message>
        <source>LOOKED FOR IN THEM</source>
        <translation>WONACH GESUCHT WIRD</translation>
    </message>
    <message>
        <source>Finding</source>
        <translation>Befund</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>chosen, each of another patient</source>
        <translation>gewählt, jedes von einem anderen Patienten</translation>
    </message>
    <message>
        <source>of</source>
        <translation>von</translation>
    </message>
    <message>
        <source>images with the finding</source>
        <translation>Bilder mit dem Befund</translation>
    </message>
    <message>
        <source>Read elsewhere</source>
        <translation>Anderswo gelesen</translation>
    </message>
    <message>
        <source>images of patients who are read for another finding</source>
        <translation>Bilder von Patienten, die für einen anderen Befund gelesen werden</translation>
    </message>
    <message>
        <source>Confounder</source>
        <translation>Störfaktor</translation>
    </message>
    <message>
        <source>Found in</source>
        <translation>Gefunden in</translation>
    </message>
    <message>
        <source>cases of step 1</source>
        <translation>Fälle von Schritt 1</translation>
    </message>
    <message>
        <source>cases of step 1 with the finding</source>
        <translation>Fälle von Schritt 1 mit dem Befund</translation>
    </message>
</context>
<context>
    <name>Steps</name>
    <message>
        <source>writing the draft</source>
        <translation>Entwurf wird geschrieben</translation>
    </message>
    <message>
        <source>checking what is still open</source>
        <translation>es wird geprüft, was noch offen ist</translation>
    </message>
    <message>
        <source>choosing cases and orders</source>
        <translation>Fälle und Reihenfolgen werden gezogen</translation>
    </message>
    <message>
        <source>freezing image {n} of {total}</source>
        <translation>Bild {n} von {total} wird festgeschrieben</translation>
    </message>
    <message>
        <source>explaining case {n} of {total}</source>
        <translation>Fall {n} von {total} wird erklärt</translation>
    </message>
    <message>
        <source>writing the seal</source>
        <translation>Siegel wird geschrieben</translation>
    </message>
    <message>
        <source>sealed</source>
        <translation>versiegelt</translation>
    </message>
    <message>
        <source>packing image {n} of {total}</source>
        <translation>Bild {n} von {total} wird gepackt</translation>
    </message>
    <message>
        <source>unpacking image {n} of {total}</source>
        <translation>Bild {n} von {total} wird entpackt</translation>
    </message>
    <message>
        <source>unpacking</source>
        <translation>wird entpackt</translation>
    </message>
    <message>
        <source>simulating radiographs</source>
        <translation>Röntgenbilder werden simuliert</translation>
    </message>
</context>
<context>
    <name>Stratum</name>
    <message>
        <source>Diagnosis</source>
        <translation>Diagnose</translation>
    </message>
    <message>
        <source>diagnosis, e.g. pneumothorax</source>
        <translation>Diagnose, z. B. Pneumothorax</translation>
    </message>
    <message>
        <source>Number of cases, or all if fewer</source>
        <translation>Anzahl der Fälle, oder alle, wenn es weniger sind</translation>
    </message>
    <message>
        <source>Confounders that step 1 found for it</source>
        <translation>Störfaktoren dafür aus Schritt 1</translation>
    </message>
    <message>
        <source>Items that are the diagnosis itself</source>
        <translation>Merkmale, die die Diagnose selbst sind</translation>
    </message>
    <message>
        <source>cases</source>
        <translation>Fälle</translation>
    </message>
    <message>
        <source>Confounders that step 1 found for it (only the desk sees this)</source>
        <translation>Störfaktoren dafür aus Schritt 1 (nur für die Studienleitung)</translation>
    </message>
    <message>
        <source>Items that are the diagnosis itself (never a confounder of it)</source>
        <translation>Merkmale, die die Diagnose selbst sind (nie ein Störfaktor dafür)</translation>
    </message>
</context>
<context>
    <name>StudyPage</name>
    <message>
        <source>Verify now</source>
        <translation>Jetzt prüfen</translation>
    </message>
    <message>
        <source>Not verified in this sitting.</source>
        <translation>In dieser Sitzung noch nicht geprüft.</translation>
    </message>
    <message>
        <source>Stratum</source>
        <translation>Stratum</translation>
    </message>
    <message>
        <source>Asked</source>
        <translation>Gewünscht</translation>
    </message>
    <message>
        <source>Cases</source>
        <translation>Fälle</translation>
    </message>
    <message>
        <source>Patients</source>
        <translation>Patienten</translation>
    </message>
    <message>
        <source>Strata and practice</source>
        <translation>Strata und Übung</translation>
    </message>
    <message>
        <source>Item</source>
        <translation>Merkmal</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>Gruppe</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Taste</translation>
    </message>
    <message>
        <source>Items</source>
        <translation>Merkmale</translation>
    </message>
    <message>
        <source>Intact: protocol, order, images and journal are as they were sealed and written.</source>
        <translation>Unversehrt: Protokoll, Reihenfolge, Bilder und Journal sind so, wie sie versiegelt und geschrieben wurden.</translation>
    </message>
    <message>
        <source>Study</source>
        <translation>Studie</translation>
    </message>
    <message>
        <source>What was sealed, and whether it is still so.</source>
        <translation>Was versiegelt wurde, und ob es noch so ist.</translation>
    </message>
    <message>
        <source>STRATA AND PRACTICE</source>
        <translation>STRATA UND ÜBUNG</translation>
    </message>
    <message>
        <source>ITEMS</source>
        <translation>MERKMALE</translation>
    </message>
    <message>
        <source>About this study</source>
        <translation>Über diese Studie</translation>
    </message>
    <message>
        <source>{reader} ({n} presentations)</source>
        <translation>{reader} ({n} Vorlagen)</translation>
    </message>
    <message>
        <source>{cases} to read, {practice} for practice; one case is one {unit}</source>
        <translation>{cases} zu befunden, {practice} zur Übung; Einheit eines Falls: {unit}</translation>
    </message>
    <message>
        <source>{n} presentations in all, at least {distance} positions apart</source>
        <translation>insgesamt {n} Vorlagen, mindestens {distance} Plätze auseinander</translation>
    </message>
    <message>
        <source>order {order}, selection {selection}; algorithm {algorithm}</source>
        <translation>Reihenfolge {order}, Auswahl {selection}; Algorithmus {algorithm}</translation>
    </message>
    <message>
        <source>{when} by version {version}</source>
        <translation>{when} mit Version {version}</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>Titel</translation>
    </message>
    <message>
        <source>Readers</source>
        <translation>Befunder</translation>
    </message>
    <message>
        <source>Arms</source>
        <translation>Arme</translation>
    </message>
    <message>
        <source>Hidden repeats</source>
        <translation>Verdeckte Wiederholungen</translation>
    </message>
    <message>
        <source>Seeds</source>
        <translation>Startwerte</translation>
    </message>
    <message>
        <source>Sealed</source>
        <translation>Versiegelt</translation>
    </message>
    <message>
        <source>Seal</source>
        <translation>Siegel</translation>
    </message>
    <message>
        <source>Protocol (sha256)</source>
        <translation>Protokoll (sha256)</translation>
    </message>
    <message>
        <source>Cohort rows (sha256)</source>
        <translation>Kohortenzeilen (sha256)</translation>
    </message>
    <message>
        <source>Look at</source>
        <translation>Zu prüfen</translation>
    </message>
    <message>
        <source>practice</source>
        <translation>Übung</translation>
    </message>
    <message>
        <source>all</source>
        <translation>alle</translation>
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
        <translation>versiegelt, offen zur Befundung</translation>
    </message>
    <message>
        <source>one reader&apos;s pack, open for reading</source>
        <translation>Paket eines Befunders, offen zur Befundung</translation>
    </message>
    <message>
        <source>not found: moved or deleted?</source>
        <translation>nicht gefunden: verschoben oder gelöscht?</translation>
    </message>
</context>
<context>
    <name>Tables</name>
    <message>
        <source>not estimable</source>
        <translation>nicht schätzbar</translation>
    </message>
    <message>
        <source>{low} to {high}</source>
        <translation>{low} bis {high}</translation>
    </message>
</context>
<context>
    <name>Tasks</name>
    <message>
        <source>one of several groups: race, sex, or any column (softmax)</source>
        <translation>eine von mehreren Gruppen: race, sex oder eine andere Spalte (Softmax)</translation>
    </message>
    <message>
        <source>several findings at once (sigmoids)</source>
        <translation>mehrere Befunde zugleich (Sigmoide)</translation>
    </message>
    <message>
        <source>which patient an image is of</source>
        <translation>von welchem Patienten ein Bild ist</translation>
    </message>
    <message>
        <source>a new head on the frozen features, or the codes, of another run</source>
        <translation>ein neuer Kopf auf den eingefrorenen Merkmalen oder Codes eines anderen Laufs</translation>
    </message>
    <message>
        <source>images drawn from noise and a code, without labels</source>
        <translation>Bilder, aus Rauschen und einem Code gezeichnet, ohne Befunde</translation>
    </message>
</context>
<context>
    <name>ToolSheet</name>
    <message>
        <source>Tools</source>
        <translation>Werkzeuge</translation>
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
        <source>set a star</source>
        <translation>einen Stern setzen</translation>
    </message>
    <message>
        <source>paint a region; Esc puts the brush away</source>
        <translation>Bereich malen; Esc legt den Pinsel weg</translation>
    </message>
    <message>
        <source>erase from a painted region; Esc puts the brush away</source>
        <translation>von einem Bereich radieren; Esc legt den Pinsel weg</translation>
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
        <source>with explanation</source>
        <translation>mit Erklärung</translation>
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
        <translation>{read} von {count} Fällen befundet</translation>
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
    <name>TrainingForm</name>
    <message>
        <source>Task</source>
        <translation>Aufgabe</translation>
    </message>
    <message>
        <source>Preset</source>
        <translation>Voreinstellung</translation>
    </message>
    <message>
        <source>Name of the run</source>
        <translation>Name des Laufs</translation>
    </message>
    <message>
        <source>Where it runs</source>
        <translation>Wo er läuft</translation>
    </message>
    <message>
        <source>Processes</source>
        <translation>Prozesse</translation>
    </message>
    <message>
        <source>Partition</source>
        <translation>Partition</translation>
    </message>
    <message>
        <source>the cluster&apos;s default</source>
        <translation>die übliche des Clusters</translation>
    </message>
    <message>
        <source>GPUs of a machine</source>
        <translation>GPUs je Rechner</translation>
    </message>
    <message>
        <source>Machines</source>
        <translation>Rechner</translation>
    </message>
    <message>
        <source>Cores for each GPU</source>
        <translation>Kerne je GPU</translation>
    </message>
    <message>
        <source>Memory of a machine, GB</source>
        <translation>Speicher je Rechner, GB</translation>
    </message>
    <message>
        <source>Hours at most</source>
        <translation>Höchstens Stunden</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>Konto</translation>
    </message>
    <message>
        <source>your default</source>
        <translation>Ihr übliches</translation>
    </message>
    <message>
        <source>Start training</source>
        <translation>Training starten</translation>
    </message>
    <message>
        <source>‹ Back to the runs</source>
        <translation>‹ Zurück zu den Läufen</translation>
    </message>
    <message>
        <source>Tick at least one cohort; import or simulate one on the page Cohorts.</source>
        <translation>Haken Sie mindestens eine Kohorte an; importieren oder simulieren Sie eine auf der Seite Kohorten.</translation>
    </message>
    <message>
        <source>Give the run a name.</source>
        <translation>Geben Sie dem Lauf einen Namen.</translation>
    </message>
    <message>
        <source>none: the defaults</source>
        <translation>keine: die Vorgabewerte</translation>
    </message>
    <message>
        <source>here, one process</source>
        <translation>hier, ein Prozess</translation>
    </message>
    <message>
        <source>here, several processes (torchrun)</source>
        <translation>hier, mehrere Prozesse (torchrun)</translation>
    </message>
    <message>
        <source>on the Slurm cluster</source>
        <translation>auf dem Slurm-Cluster</translation>
    </message>
    <message>
        <source>Cohorts to train on</source>
        <translation>Kohorten für das Training</translation>
    </message>
    <message>
        <source>Cohorts</source>
        <translation>Kohorten</translation>
    </message>
    <message>
        <source>No sbatch on this machine: Slurm is not offered.</source>
        <translation>Kein sbatch auf diesem Rechner: Slurm wird nicht angeboten.</translation>
    </message>
    <message>
        <source>New training</source>
        <translation>Neues Training</translation>
    </message>
    <message>
        <source>What is trained, and how</source>
        <translation>Was trainiert wird, und wie</translation>
    </message>
</context>
<context>
    <name>TrainingPage</name>
    <message>
        <source>New training …</source>
        <translation>Neues Training …</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Duplicate with changes …</source>
        <translation>Mit Änderungen wiederholen …</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>Ergebnisse</translation>
    </message>
    <message>
        <source>Other folder …</source>
        <translation>Anderer Ordner …</translation>
    </message>
    <message>
        <source>Runs in {folder}</source>
        <translation>Läufe in {folder}</translation>
    </message>
    <message>
        <source>Not shown: {why}</source>
        <translation>Nicht gezeigt: {why}</translation>
    </message>
    <message>
        <source>Folder of runs</source>
        <translation>Ordner der Läufe</translation>
    </message>
    <message>
        <source>No run yet. A run goes on when this window is closed, and is found here again.</source>
        <translation>Noch kein Lauf. Ein Lauf geht weiter, wenn dieses Fenster geschlossen wird, und ist hier wiederzufinden.</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>Training</translation>
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
    <name>ViewerPage</name>
    <message>
        <source>Viewer</source>
        <translation>Betrachter</translation>
    </message>
    <message>
        <source>Open an image of a cohort by a double click, or a file.</source>
        <translation>Öffnen Sie ein Bild einer Kohorte mit Doppelklick, oder eine Datei.</translation>
    </message>
    <message>
        <source>No image is open.</source>
        <translation>Kein Bild ist geöffnet.</translation>
    </message>
    <message>
        <source>{image} of {cohort}, {n} of {all}</source>
        <translation>{image} aus {cohort}, {n} von {all}</translation>
    </message>
    <message>
        <source>loading …</source>
        <translation>wird geladen …</translation>
    </message>
    <message>
        <source>left: {left}  ·  right: {right}</source>
        <translation>links: {left}  ·  rechts: {right}</translation>
    </message>
    <message>
        <source>asking the model …</source>
        <translation>das Modell wird gefragt …</translation>
    </message>
    <message>
        <source>Choose a run to see what it looks at.</source>
        <translation>Wählen Sie einen Lauf, um zu sehen, worauf er schaut.</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>angehalten</translation>
    </message>
    <message>
        <source>This run learned from slices prepared as {preset}: {why}</source>
        <translation>Dieser Lauf hat an Schichten gelernt, die als {preset} aufbereitet waren: {why}</translation>
    </message>
</context>
<context>
    <name>VocabularyList</name>
    <message>
        <source>Vocabulary</source>
        <translation>Vokabular</translation>
    </message>
    <message>
        <source>Search the vocabulary</source>
        <translation>Vokabular durchsuchen</translation>
    </message>
    <message>
        <source>search: tube, heart …</source>
        <translation>suchen: Tubus, Herz …</translation>
    </message>
    <message>
        <source>Items of the vocabulary</source>
        <translation>Merkmale des Vokabulars</translation>
    </message>
    <message>
        <source>No item holds these words.</source>
        <translation>Kein Merkmal enthält diese Wörter.</translation>
    </message>
    <message>
        <source>made for images like those of the cohort</source>
        <translation>für Bilder wie die der Kohorte gemacht</translation>
    </message>
    <message>
        <source>all vocabularies</source>
        <translation>alle Vokabulare</translation>
    </message>
    <message>
        <source>other</source>
        <translation>Sonstiges</translation>
    </message>
</context>
<context>
    <name>VoicesPanel</name>
    <message>
        <source>Name the readers (recorded)</source>
        <translation>Befunder aufdecken (protokolliert)</translation>
    </message>
    <message>
        <source>Record the verdict</source>
        <translation>Entscheidung protokollieren</translation>
    </message>
    <message>
        <source>Case {case}</source>
        <translation>Fall {case}</translation>
    </message>
    <message>
        <source>{letter} is {reader}</source>
        <translation>{letter} ist {reader}</translation>
    </message>
    <message>
        <source>Adjudicated: {value}. {reason}</source>
        <translation>Adjudiziert: {value}. {reason}</translation>
    </message>
    <message>
        <source>marks of {letter} on or off</source>
        <translation>Markierungen von {letter} ein oder aus</translation>
    </message>
    <message>
        <source>and {n} more: mask_overlap.csv has all</source>
        <translation>und {n} weitere: alle stehen in mask_overlap.csv</translation>
    </message>
    <message>
        <source>Overlap of painted regions (Dice):</source>
        <translation>Überlappung gemalter Bereiche (Dice):</translation>
    </message>
    <message>
        <source>{a} and {b}: {dice}</source>
        <translation>{a} und {b}: {dice}</translation>
    </message>
    <message>
        <source>image {image}, slice {slice}</source>
        <translation>Bild {image}, Schicht {slice}</translation>
    </message>
    <message>
        <source>Choose the answer that was agreed on.</source>
        <translation>Wählen Sie die vereinbarte Antwort.</translation>
    </message>
    <message>
        <source>Write at least {n} characters on why: it stands beside the verdict.</source>
        <translation>Begründen Sie mit mindestens {n} Zeichen: die Begründung steht neben der Entscheidung.</translation>
    </message>
    <message>
        <source>Letters are dealt anew for each case.</source>
        <translation>Die Buchstaben werden für jeden Fall neu vergeben.</translation>
    </message>
    <message>
        <source>Adjudicated answer</source>
        <translation>Adjudizierte Antwort</translation>
    </message>
    <message>
        <source>answer, as agreed</source>
        <translation>Antwort, wie vereinbart</translation>
    </message>
    <message>
        <source>Reason of the verdict</source>
        <translation>Begründung der Entscheidung</translation>
    </message>
    <message>
        <source>reason, as agreed</source>
        <translation>Begründung, wie vereinbart</translation>
    </message>
    <message>
        <source>ADJUDICATION</source>
        <translation>ADJUDIKATION</translation>
    </message>
    <message>
        <source>Goes into the journal and is exported; no reading is changed.</source>
        <translation>Steht im Journal und wird exportiert; keine Befundung wird geändert.</translation>
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
        <translation>Befundungen zum Zurückbringen schreiben …</translation>
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
        <translation>Geben Sie zuerst Ihre Passphrase ein: nur Sie können Ihre Befundungen in eine Datei schreiben.</translation>
    </message>
    <message>
        <source>Readings to bring back</source>
        <translation>Befundungen zum Zurückbringen</translation>
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
    <name>WorkloadSection</name>
    <message>
        <source>Workload and precision</source>
        <translation>Aufwand und Genauigkeit</translation>
    </message>
    <message>
        <source>What the study asks of its readers, and how far kappa can be known from it.</source>
        <translation>Was die Studie von ihren Befundern verlangt, und wie genau sich Kappa daraus bestimmen lässt.</translation>
    </message>
    <message>
        <source>Readings</source>
        <translation>Befundungen</translation>
    </message>
    <message>
        <source>Seconds for one reading</source>
        <translation>Sekunden je Befundung</translation>
    </message>
    <message>
        <source>Seconds for one reading, as you expect</source>
        <translation>Sekunden je Befundung, geschätzt</translation>
    </message>
    <message>
        <source>Readings and hours of each reader</source>
        <translation>Befundungen und Stunden jedes Befunders</translation>
    </message>
    <message>
        <source>Precision of Fleiss&apos; kappa</source>
        <translation>Genauigkeit von Kappa nach Fleiss</translation>
    </message>
    <message>
        <source>Kappa you expect</source>
        <translation>Erwartetes Kappa</translation>
    </message>
    <message>
        <source>Expected interval of kappa by prevalence</source>
        <translation>Erwartetes Intervall von Kappa nach Prävalenz</translation>
    </message>
    <message>
        <source>{h} h</source>
        <translation>{h} h</translation>
    </message>
    <message>
        <source>all</source>
        <translation>alle</translation>
    </message>
    <message>
        <source>Reader</source>
        <translation>Befunder</translation>
    </message>
    <message>
        <source>Readings, practice and hidden repeats too</source>
        <translation>Befundungen, mit Übung und verdeckten Wiederholungen</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Item present in</source>
        <translation>Merkmal vorhanden in</translation>
    </message>
    <message>
        <source>95 % interval, about</source>
        <translation>95-%-Intervall, etwa</translation>
    </message>
    <message>
        <source>Half width</source>
        <translation>Halbe Breite</translation>
    </message>
    <message>
        <source>No kappa at all</source>
        <translation>Kein Kappa</translation>
    </message>
    <message>
        <source>For {cases} cases, one a patient, {readers} readers, no missing answer. Assumed: with probability κ all readers of a case give one common answer, else each answers alone (common-correlation model); interval by Gwet&apos;s variance, as the export computes it. No kappa at all: every reading the same.</source>
        <translation>Für {cases} Fälle, je Patient einer, {readers} Befunder, ohne fehlende Antwort. Annahme: mit Wahrscheinlichkeit κ geben alle Befunder eines Falls eine gemeinsame Antwort, sonst antwortet jeder für sich (Common-Correlation-Modell); Intervall aus der Varianz nach Gwet, wie im Export. Kein Kappa: alle Befundungen sind gleich.</translation>
    </message>
    <message>
        <source>Shown when the form is complete, with two cases and two readers or more.</source>
        <translation>Erscheint, wenn das Formular vollständig ist, mit mindestens zwei Fällen und zwei Befundern.</translation>
    </message>
</context>
<context>
    <name>_CheckLine</name>
    <message>
        <source>Go there</source>
        <translation>Dorthin</translation>
    </message>
    <message>
        <source>Go to: {what}</source>
        <translation>Gehe zu: {what}</translation>
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
        <source>before: {value}</source>
        <translation>vorher: {value}</translation>
    </message>
    <message>
        <source>confirmed</source>
        <translation>bestätigt</translation>
    </message>
    <message>
        <source>changed; before: {value}</source>
        <translation>geändert; vorher: {value}</translation>
    </message>
    <message>
        <source>in focus</source>
        <translation>aktiv</translation>
    </message>
</context>
</TS>
