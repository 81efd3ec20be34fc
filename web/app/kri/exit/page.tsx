import { languages } from '../../../lib/words';
import { metadataFor } from '../../../screens/document';
import { ExitScreen } from '../../../screens/plain';

const Page = () => <ExitScreen language="kri" />;

export const metadata = metadataFor(languages.kri.words.exit.title, 'kri');
export default Page;
