import { languages } from '../../../lib/words';
import { metadataFor } from '../../../screens/document';
import { MissingScreen } from '../../../screens/plain';

const Page = () => <MissingScreen language="kri" />;

export const metadata = metadataFor(languages.kri.words.missing.title, 'kri');
export default Page;
