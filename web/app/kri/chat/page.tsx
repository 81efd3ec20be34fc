import { languages } from '../../../lib/words';
import { metadataFor } from '../../../screens/document';
import { ChatScreen } from '../../../screens/chat';

const Page = () => <ChatScreen language="kri" />;

export const metadata = metadataFor(languages.kri.words.chat.title, 'kri');
export default Page;
